import { type Decimal, decimalText, parseDecimal, ZERO } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { ClientOrderId, Direction, Fill, Order } from '../core/domain/order.ts';
import type { Reading } from '../core/domain/reading.ts';
import type { PositionView } from '../core/engine/view.ts';
import type { Exchange, StatedPosition } from '../exchange/exchange.ts';

/** What our fills say is held on an instrument. */
export interface Held {
  readonly direction: Direction;
  readonly quantity: Decimal;
}

/** One look at everything the exchange keeps that an order would show in. */
export interface OrderLook {
  /** Open orders, those closed lately, and the history. */
  readonly orders: Reading<Order | null>;
  readonly fills: Reading<readonly Fill[]>;
  readonly positions: Reading<readonly StatedPosition[]>;
  /** What we held by our own books when the answers had come; null: nothing. */
  readonly ours: Held | null;
}

/**
 * What a look says. `unknown`: an answer is missing, so it counts for nothing. `unexplained`: no list and no fill knows the
 * order, and the position is not what our fills make it. `absent`: all of them agree that there is none.
 */
type LookVerdict = 'found' | 'filled' | 'unknown' | 'unexplained' | 'absent';

/** A look in words, as it is kept with the intent. */
export interface LookEvidence {
  readonly verdict: LookVerdict;
  /** What the exchange's own clock said at the oldest of the answers, ms; null without all of them. */
  readonly asOfMs: number | null;
  readonly orders: string;
  readonly fills: string;
  readonly position: string;
  readonly ours: string;
}

/** Text of an exchange in evidence is cut to this many characters. */
const TEXT_LENGTH_MAX = 200;

/** What is held on an instrument; null: nothing. */
export function heldOn(positions: readonly PositionView[], id: InstrumentId): Held | null {
  const position = positions.find(({ instrumentId }) => instrumentId === id);
  const quantity = position === undefined ? null : parseDecimal(position.quantity);
  if (position === undefined || quantity === null || quantity.isZero()) return null;
  return { direction: position.direction, quantity };
}

/** Asks for an order by its name wherever it would show. */
export async function lookAtOrder(
  exchange: Exchange,
  instrument: Instrument,
  { clientOrderId, held }: { readonly clientOrderId: ClientOrderId; readonly held: () => Held | null },
): Promise<OrderLook> {
  const [orders, fills, positions] = await Promise.all([
    exchange.findOrder(instrument, clientOrderId),
    exchange.readOrderFills(instrument, clientOrderId),
    exchange.readHeld(instrument, 'protect'),
  ]);
  return { orders, fills, positions, ours: held() };
}

/** Judges a look. A proof that the order exists needs one answer, a proof that it does not needs them all. */
function judgeLook({ orders, fills, positions, ours }: OrderLook): LookVerdict {
  if (orders.kind === 'known' && orders.value !== null) return 'found';
  if (fills.kind === 'known' && fills.value.length > 0) return 'filled';
  if (orders.kind === 'unknown' || fills.kind === 'unknown' || positions.kind === 'unknown') return 'unknown';
  return isExplained(positions.value, ours) ? 'absent' : 'unexplained';
}

/** When, by the exchange's own clock, all answers of a look were given at the latest; null without one of them. */
function lookTimeMs({ orders, fills, positions }: OrderLook): number | null {
  const readings = [orders, fills, positions];
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    if (reading.kind === 'unknown') return null;
    oldestMs = Math.min(oldestMs, reading.asOfMs);
  }
  return oldestMs;
}

export function evidenceOf(look: OrderLook): LookEvidence {
  const { orders, fills, positions, ours } = look;
  return {
    verdict: judgeLook(look),
    asOfMs: lookTimeMs(look),
    orders: textOf(orders, (order) =>
      order === null ? 'none' : `${order.status}, filled ${decimalText(order.filledQuantity)}`,
    ),
    fills: textOf(fills, (rows) =>
      rows.length === 0 ? 'none' : `${rows.length} fills, ${decimalText(sumOf(rows))} in all`,
    ),
    position: textOf(positions, (rows) => rows.map(heldText).join(', ') || 'none'),
    ours: ours === null ? 'none' : heldText(ours),
  };
}

function isExplained(stated: readonly StatedPosition[], ours: Held | null): boolean {
  const held = stated.filter(({ quantity }) => !quantity.isZero());
  if (ours === null) return held.length === 0;
  const [row] = held;
  return held.length === 1 && row?.direction === ours.direction && row.quantity.equals(ours.quantity);
}

function sumOf(fills: readonly Fill[]): Decimal {
  return fills.reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
}

function heldText({ direction, quantity }: Held): string {
  return `${direction} ${decimalText(quantity)}`;
}

function textOf<T>(reading: Reading<T>, text: (value: T) => string): string {
  const said = reading.kind === 'known' ? text(reading.value) : `unknown: ${reading.detail}`;
  return said.slice(0, TEXT_LENGTH_MAX);
}
