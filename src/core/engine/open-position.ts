import { type Decimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type {
  ApprovedEntry,
  ApprovedOrder,
  ClientOrderId,
  Direction,
  ExitReason,
  OrderPurpose,
} from '../domain/order.ts';
import { isEndState, type OrderState } from '../domain/order-state.ts';
import type { PositionState, PositionStep } from '../domain/position.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Trend } from '../domain/trend.ts';
import type { StopKind } from '../position/exit-rule.ts';
import { EMPTY_GUARD_MEMORY, type GuardMemory } from '../position/guard-memory.ts';
import { emptyHolding, type Holding } from '../position/holding.ts';
import { IDLE_WATCH, type StopWatch } from './stop-watch.ts';

/** What an entry was decided on; kept with its order, so that a fill that comes late still finds it. */
export interface EntryNote {
  readonly timeframe: Timeframe;
  readonly rsi: number | null;
  readonly trend: Trend | null;
  readonly leverage: number;
  readonly stopPrice: Decimal;
  readonly takeProfitPrice: Decimal | null;
  readonly referencePrice: Decimal;
}

/**
 * An order of ours and what is known of it. `filled`: the exchange says all of it is done, its fills may still be on the
 * way; `orderMove` says which word may change it to what.
 */
export interface TrackedOrder {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly purpose: OrderPurpose;
  readonly quantity: Decimal;
  readonly placedMs: number;
  /** Null for exits. */
  readonly entry: EntryNote | null;
  /** Null for a market order. */
  readonly limitPrice: Decimal | null;
  /** The ladder it is a rung of; null for any other order. */
  readonly ladderId: ClientOrderId | null;
  state: Exclude<OrderState, 'prepared'>;
  /** Since when whether it exists is not known, ms; null: it never was in doubt. */
  unknownMs: number | null;
  filledQuantity: Decimal;
  /** When the exchange called it filled, ms; null before. */
  filledMs: number | null;
  /** A person was told that its fills do not come. */
  fillsMissing: boolean;
  /** How often it was asked for to be taken back though it was believed to be over, and when last, ms; null: never. */
  takenBack: { readonly count: number; readonly askedMs: number } | null;
}

/** Why an order ended: a code of the exchange or ours, and a detail; both may be empty. */
export interface EndCause {
  readonly code: string;
  readonly detail: string;
}

/** How an order ended, and of how much of it the exchange counts as filled; null or left out: it was not told. */
export interface OrderEnd extends EndCause {
  readonly as: Extract<OrderState, 'cancelled' | 'rejected' | 'not-placed' | 'given-up'>;
  readonly filledQuantity?: Decimal | null;
}

/** The way out of a position: the order that is closing it, or the time to send the next one. */
interface Closing {
  readonly reason: ExitReason;
  readonly clientOrderId: ClientOrderId;
  readonly attempts: number;
  /** When to try again, ms; null while the order is on its way. */
  readonly retryMs: number | null;
}

/** The order that is taking off a part of a position, or the time from which it may be tried again. */
interface Reducing {
  /** Level of the partial take-profit, % of the entry price. */
  readonly profitPct: number;
  readonly clientOrderId: ClientOrderId;
  readonly attempts: number;
  /** When it may be tried again, ms; null while the order is on its way. */
  readonly retryMs: number | null;
}

/** How often in a row the exchange's list of positions lacked it. */
interface Absence {
  readonly count: number;
  /** `asOfMs` of the newest of these readings. */
  readonly asOfMs: number;
}

/** How often the exchange has borne out what its list says against our fills. */
interface Proof {
  readonly count: number;
  readonly sinceMs: number;
  /** `asOfMs` of the newest of these readings. */
  readonly asOfMs: number;
}

/** What is odd about the stops of a position at the exchange. */
export const STOP_ODDITIES = ['none', 'stacked', 'trigger'] as const;
export type StopOddity = (typeof STOP_ODDITIES)[number];

/** A position of ours, from the moment its entry is ordered. Owned and updated in place by the engine. */
export interface OpenPosition {
  readonly instrumentId: InstrumentId;
  readonly entryOrderId: ClientOrderId;
  readonly entry: EntryNote;
  holding: Holding;
  /** What made the holding what it is, oldest first. */
  steps: readonly PositionStep[];
  state: PositionState;
  /** Time of the first fill; of the order before it. */
  openedMs: number;
  /** Makes the id of the round trip unique; empty before the first fill. */
  openingFillId: string;
  /** Exchange time up to which the holding was taken from its statement, fills included; null: all are told by fills. */
  statedMs: number | null;
  /** Tightest stop the position has had; the stop rule and the exchange's stop both follow it. */
  stopPrice: Decimal;
  /** What put it there. */
  stopKind: StopKind;
  /** When break-even or the trailing stop last moved it, ms; null before. */
  stopMovedMs: number | null;
  takeProfitPrice: Decimal | null;
  /** What the exit rules remember. */
  guard: GuardMemory;
  /** As the exchange stated it at the last reading; null: none rests there, or it was never read. */
  exchangeStopPrice: Decimal | null;
  exchangeTakeProfitPrice: Decimal | null;
  /** When the exchange last stated the position at all; null before. */
  readMs: number | null;
  /** When the exchange last stated a stop no looser than ours; null before. */
  stopConfirmedMs: number | null;
  /** Tightest stop the exchange has stated that was no looser than ours then; null before. */
  confirmedStopPrice: Decimal | null;
  /** As the newest reading stated it; null: it stated none that can be believed. */
  liquidationPrice: Decimal | null;
  /** How long it has been held without a confirmed stop. */
  stopWatch: StopWatch;
  /** People were told that the exchange would not move its stop, and it rests where it belongs not yet. */
  stopMoveRefused: boolean;
  /** What is odd about its stops at the exchange, as it was told. */
  stopOddity: StopOddity;
  closing: Closing | null;
  /** Null while no part is being taken off. */
  reducing: Reducing | null;
  absence: Absence | null;
  /** Null while nothing but the list of positions, or nothing at all, speaks against our fills. */
  proof: Proof | null;
  /** Quantity the exchange stated that our fills do not add up to; null while they agree. */
  driftQuantity: Decimal | null;
  /** `asOfMs` of the first reading that stated it; null while they agree. */
  driftMs: number | null;
}

/** True while an order may still change a position. A full one holds its own quantity: no comparison then. */
export function isLive({ state, filledQuantity, quantity }: TrackedOrder): boolean {
  return !isEndState(state) && filledQuantity !== quantity && filledQuantity.lessThan(quantity);
}

/** True while an order waits in the book: nobody knows when it fills, and nothing is amiss until then. */
export function isResting(order: TrackedOrder): boolean {
  return order.limitPrice !== null && order.state === 'accepted' && isLive(order);
}

/** The order when it has ended: fills the exchange counts and has not told are waited for, as of one that filled. */
export function endedOrder(
  order: TrackedOrder,
  { as, filledQuantity = null }: Pick<OrderEnd, 'as' | 'filledQuantity'>,
  timeMs: number,
): TrackedOrder {
  return filledQuantity?.greaterThan(order.filledQuantity) === true
    ? { ...order, quantity: filledQuantity, state: 'filled', filledMs: timeMs }
    : { ...order, state: as };
}

/** An order as it leaves: no word of it yet. */
export function sentOrder(order: ApprovedOrder, placedMs: number): TrackedOrder {
  const { clientOrderId, instrumentId, direction, purpose, quantity } = order;
  const entry = order.kind === 'entry' ? order : null;
  return {
    ...{ clientOrderId, instrumentId, direction, purpose, quantity, placedMs },
    entry: entry === null ? null : entryNoteOf(entry),
    limitPrice: entry?.limit?.price ?? null,
    ladderId: entry?.ladderId ?? null,
    state: 'sent',
    unknownMs: null,
    filledQuantity: ZERO,
    filledMs: null,
    fillsMissing: false,
    takenBack: null,
  };
}

/** What is kept of an entry with its order. */
export function entryNoteOf(order: ApprovedEntry): EntryNote {
  const { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice } = order;
  return { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice };
}

/** What a position is made from: the order that enters. */
export interface EntryOrder {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly entry: EntryNote;
}

/** A position before its first fill. */
export function openingPosition(order: EntryOrder, timeMs: number): OpenPosition {
  return {
    instrumentId: order.instrumentId,
    entryOrderId: order.clientOrderId,
    entry: order.entry,
    holding: emptyHolding(order.direction),
    steps: [],
    state: 'entering',
    openedMs: timeMs,
    openingFillId: '',
    statedMs: null,
    stopPrice: order.entry.stopPrice,
    stopKind: 'initial',
    stopMovedMs: null,
    takeProfitPrice: order.entry.takeProfitPrice,
    guard: EMPTY_GUARD_MEMORY,
    exchangeStopPrice: null,
    exchangeTakeProfitPrice: null,
    readMs: null,
    stopConfirmedMs: null,
    confirmedStopPrice: null,
    liquidationPrice: null,
    stopWatch: IDLE_WATCH,
    stopMoveRefused: false,
    stopOddity: 'none',
    closing: null,
    reducing: null,
    absence: null,
    proof: null,
    driftQuantity: null,
    driftMs: null,
  };
}
