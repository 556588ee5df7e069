import { type Decimal, decimal, maxDecimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ApprovedEntry, ClientOrderId, Direction } from '../core/domain/order.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import type { AccountSnapshot, FillReceived, OrderUpdate } from '../core/engine/event.ts';
import type { ExitFacts } from '../core/risk/gate-exit.ts';
import type { IntentRow } from '../store/intent-row.ts';

/** A list is sure to have what happened so long before it. */
const LIST_LAG_MS = 1_000;
/** For so long what was filled counts for what an exit may close: lists may lag. */
const RECENT_MS = 60_000;
/** A list older than this refuses no exit: what was filled since may be forgotten by then. */
const LIST_AGE_MS_MAX = 30_000;
/** An order that has ended is forgotten after this, whatever fills of it were told. */
const ENDED_MS = 600_000;

/** An order that can add exposure, from the moment the gate lets it through until a list shows all of it. */
interface SentEntry {
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** By fill: they are told again. */
  readonly fills: Map<string, SentFill>;
  /** Null: it may still fill. */
  ended: { readonly monotonicMs: number; readonly filled: Decimal } | null;
}

interface SentFill {
  readonly quantity: Decimal;
  /** By the exchange. */
  readonly timeMs: number;
  /** How many lists had come when it was told first. */
  readonly lists: number;
}

interface Recent {
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly monotonicMs: number;
}

/**
 * What is held and ordered in the account, ours or not, as the exchange tells it, with the gate's own entries that its
 * lists do not show yet. What is in doubt counts as exposure.
 */
export class GateBook {
  private positions: readonly ExchangePosition[] = [];
  private asOfMs = Number.NEGATIVE_INFINITY;
  private lists = 0;
  /** When the newest list came, monotonic. */
  private listedMs = Number.NEGATIVE_INFINITY;
  private readonly sent = new Map<string, SentEntry>();
  /** Of orders that are not the gate's. */
  private foreignOrders: Decimal = ZERO;
  /** The most that was stated of a position since it was turned or long gone: a list may shrink by a fault. */
  private readonly most = new Map<InstrumentId, Recent>();
  private readonly filled = new Map<InstrumentId, Recent[]>();

  /** Entries an earlier process left open. */
  recall(open: readonly IntentRow[]): void {
    for (const { clientOrderId, instrumentId, quantity, referencePrice, reduceOnly } of open) {
      if (reduceOnly || referencePrice === null) continue;
      const sizes = { quantity: decimal(quantity), price: decimal(referencePrice) };
      this.add(clientOrderId, { instrumentId: instrumentId as InstrumentId, ...sizes });
    }
  }

  note({ clientOrderId, instrumentId, quantity, referencePrice, limit }: ApprovedEntry): void {
    this.add(clientOrderId, { instrumentId, quantity, price: limit?.price ?? referencePrice });
  }

  /** The exchange's word on an order: one that was denied and exists counts again. */
  onUpdate({ clientOrderId, state, filledQuantity }: OrderUpdate, monotonicMs: number): void {
    const order = this.sent.get(clientOrderId);
    if (order === undefined) return;
    if (state === 'accepted' || state === 'unknown') order.ended = null;
    else if (state === 'filled') order.ended = { monotonicMs, filled: order.quantity };
    else order.ended = { monotonicMs, filled: filledQuantity ?? ZERO };
  }

  /** Nothing more is expected of it, and no word of it may ever come: it counts a while longer, not for ever. */
  onGivenUp(clientOrderId: ClientOrderId, monotonicMs: number): void {
    const order = this.sent.get(clientOrderId);
    if (order !== undefined) order.ended ??= { monotonicMs, filled: order.quantity };
  }

  onFill({ fill }: FillReceived, monotonicMs: number): void {
    const { instrumentId, side, quantity, fillId, clientOrderId, timeMs } = fill;
    const direction = side === 'buy' ? 'long' : 'short';
    remember(this.filled, instrumentId, { direction, quantity, monotonicMs });
    const fills = clientOrderId === null ? undefined : this.sent.get(clientOrderId)?.fills;
    if (fills !== undefined && !fills.has(fillId)) fills.set(fillId, { quantity, timeMs, lists: this.lists });
  }

  onStated(positions: readonly ExchangePosition[], monotonicMs: number): void {
    for (const [id, row] of this.most) if (monotonicMs - row.monotonicMs > ENDED_MS) this.most.delete(id);
    for (const { instrumentId, direction, quantity } of positions) {
      const before = this.most.get(instrumentId);
      const most = before?.direction === direction ? maxDecimal(before.quantity, quantity) : quantity;
      this.most.set(instrumentId, { direction, quantity: most, monotonicMs });
    }
  }

  onAccount({ positions, asOfMs, orders }: AccountSnapshot, monotonicMs: number): void {
    this.onStated(positions, monotonicMs);
    this.positions = positions;
    this.asOfMs = asOfMs;
    this.lists += 1;
    this.listedMs = monotonicMs;
    for (const [id, order] of this.sent) {
      const age = order.ended === null ? 0 : monotonicMs - order.ended.monotonicMs;
      if (order.ended !== null && (age > ENDED_MS || this.unseen(order).isZero()) && age > RECENT_MS)
        this.sent.delete(id);
    }
    if (orders === null || orders === undefined) return;
    const foreign = orders.rows.filter(
      ({ reduceOnly, clientOrderId }) => !reduceOnly && !this.sent.has(clientOrderId ?? ''),
    );
    this.foreignOrders = sum(
      foreign.map(({ quantity, filledQuantity, price, stopPrice }) =>
        quantity.minus(filledQuantity).times(price ?? stopPrice ?? ZERO),
      ),
    );
  }

  /** What the newest list states of an instrument. */
  heldOn(id: InstrumentId): readonly Pick<ExchangePosition, 'direction' | 'quantity'>[] {
    return this.positions.filter(({ instrumentId }) => instrumentId === id);
  }

  /** Ordered on an instrument and not in the newest list, base units; `except`: but one order. */
  orderedOn(id: InstrumentId, except: ClientOrderId): Decimal {
    return sum(
      this.unseenOrders(except).map(([order, unseen]) => (order.instrumentId === id ? unseen : ZERO)),
    );
  }

  /** Value of all that is held and ordered, but one order, USDT. */
  exposure(except: ClientOrderId | null): Decimal {
    const held = sum(this.positions.map(({ quantity, markPrice }) => quantity.times(markPrice)));
    const ordered = sum(this.unseenOrders(except).map(([{ price }, unseen]) => unseen.times(price)));
    return held.plus(ordered).plus(this.foreignOrders);
  }

  /** Value of the instrument of which most is held, USDT; null before the first list. */
  largest(): { readonly instrumentNotional: Decimal | null } {
    if (this.asOfMs === Number.NEGATIVE_INFINITY) return { instrumentNotional: null };
    const values = this.positions.map(({ quantity, markPrice }) => quantity.times(markPrice));
    return { instrumentNotional: values.reduce(maxDecimal, ZERO) };
  }

  /**
   * What an exit of `direction` on an instrument may close; null: nothing proves what is held there. A list proves it
   * while it is new, and that nothing of `direction` is held only where nothing was told or ordered that may have turned
   * the position.
   */
  exitGround(id: InstrumentId, direction: Direction, monotonicMs: number): ExitFacts['held'] {
    const [position] = this.heldOn(id);
    if (position === undefined || monotonicMs - this.listedMs > LIST_AGE_MS_MAX) return null;
    const told = (this.filled.get(id) ?? []).filter((row) => monotonicMs - row.monotonicMs <= RECENT_MS);
    const filled = told.filter((row) => row.direction === position.direction);
    const ordered = [...this.sent.values()].filter(
      (order) => order.instrumentId === id && order.ended === null,
    );
    const most = this.most.get(id);
    const isTurning = most?.direction === direction || ordered.length > 0 || told.length > filled.length;
    if (position.direction !== direction && isTurning) return null;
    const stated =
      most?.direction === position.direction
        ? maxDecimal(most.quantity, position.quantity)
        : position.quantity;
    const quantityMax = sum([
      stated,
      ...filled.map(({ quantity }) => quantity),
      ...ordered.map(({ quantity }) => quantity),
    ]);
    return { direction: position.direction, quantityMax };
  }

  private add(clientOrderId: string, order: Omit<SentEntry, 'fills' | 'ended'>): void {
    this.sent.set(clientOrderId, { ...order, fills: new Map(), ended: null });
  }

  private unseenOrders(except: string | null): (readonly [SentEntry, Decimal])[] {
    const others = [...this.sent].filter(([id]) => id !== except);
    return others.map(([, order]) => [order, this.unseen(order)] as const);
  }

  /** What may come of an order, or came of it, that the newest list does not have. */
  private unseen({ quantity, fills, ended }: SentEntry): Decimal {
    const told = [...fills.values()];
    const most = ended === null ? quantity : maxDecimal(ended.filled, sum(told.map((fill) => fill.quantity)));
    // No list has what came after it, whatever the clock of the exchange says.
    const seen = told.filter(
      ({ timeMs, lists }) => timeMs <= this.asOfMs - LIST_LAG_MS && lists < this.lists,
    );
    return maxDecimal(most.minus(sum(seen.map((fill) => fill.quantity))), ZERO);
  }
}

function remember(of: Map<InstrumentId, Recent[]>, id: InstrumentId, row: Recent): void {
  const rows = of.get(id) ?? [];
  while (rows[0] !== undefined && row.monotonicMs - rows[0].monotonicMs > RECENT_MS) rows.shift();
  rows.push(row);
  of.set(id, rows);
}

function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, amount) => total.plus(amount), ZERO);
}
