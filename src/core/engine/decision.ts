import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ApprovedOrder, ClientOrderId, Direction } from '../domain/order.ts';
import type { ClosedPosition } from '../domain/position.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Refusal, Signal, Verdict } from '../domain/verdict.ts';
import type { SignalReadings } from '../signal/readings.ts';

/** What should happen, as data. The shell carries it out and reports back by events. */
export type Decision =
  | PlaceOrder
  | CancelOrder
  | LookUpOrder
  | GiveUpOrder
  | AmendStop
  | Notify
  | RequestSnapshot
  | HaltInstrument
  | Explain
  | RecordClosedPosition;

/** Send this order, once. */
export interface PlaceOrder {
  readonly kind: 'place-order';
  readonly order: ApprovedOrder;
}

/** Take an order of ours back; it may have been filled meanwhile. */
export interface CancelOrder {
  readonly kind: 'cancel-order';
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
}

/** Find out what became of an order of ours that is overdue. Level-triggered: sent until its end is known. */
export interface LookUpOrder {
  readonly kind: 'look-up-order';
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  /** The exchange is known to have taken it: it rests, and one look is enough unless it cannot be found. */
  readonly taken: boolean;
}

/** Nothing more is expected of an order of ours, though no word on the order itself says so: why, for the journal. */
export interface GiveUpOrder {
  readonly kind: 'give-up-order';
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  readonly code: string;
  readonly detail: string;
}

/**
 * Put stop and take-profit of a whole position where they belong; null leaves the one that rests there, and one of
 * the two is not null. Level-triggered: decided anew on every reading of the account until it is read back.
 */
export interface AmendStop {
  readonly kind: 'amend-stop';
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly stopPrice: Decimal | null;
  readonly takeProfitPrice: Decimal | null;
}

/** Tell a person: an event for the log, the page and, when critical, an alert. */
export interface Notify {
  readonly kind: 'notify';
  readonly severity: 'info' | 'warning' | 'critical';
  /** Stable code from `core/domain/codes.ts`. */
  readonly code: string;
  readonly instrumentId: InstrumentId | null;
  /** A whole sentence for a person. */
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** Read the account: something does not add up. */
export interface RequestSnapshot {
  readonly kind: 'request-snapshot';
  readonly reason: string;
}

/** Nothing new on this instrument until a person has looked. */
export interface HaltInstrument {
  readonly kind: 'halt-instrument';
  readonly instrumentId: InstrumentId;
  readonly reason: string;
}

/** Why the engine did or did not act on an instrument at one moment. */
export interface Explain {
  readonly kind: 'explain';
  readonly record: DecisionRecord;
}

/** A round trip is finished. */
export interface RecordClosedPosition {
  readonly kind: 'position-closed';
  readonly closed: ClosedPosition;
}

/** What came of one look at one instrument. */
export type DecisionOutcome =
  | 'no-signal'
  | 'vetoed'
  | 'candidate'
  | 'no-slot'
  | 'refused'
  | 'ordered'
  | 'exit-ordered'
  | 'hold';

/** The full explanation: the same object in engine, API, UI and replay. */
export interface DecisionRecord {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly timeMs: number;
  readonly signal: Signal;
  /** Without a signal: the direction the verdicts are about, that of the nearer level. Left out at a signal. */
  readonly judgedAs?: Direction;
  /** Age of the newest closed candle at decision time, ms past its close. */
  readonly dataAgeMs: number | null;
  readonly verdicts: readonly Verdict[];
  /** What was read around an entry signal; null where nothing was. */
  readonly signalReadings: SignalReadings | null;
  readonly outcome: DecisionOutcome;
  /** True when a person asked for the entry whatever the filters say. */
  readonly forced: boolean;
  /** Place among the candidates of the pass, 1 = first; null when it was not ranked. */
  readonly rank: number | null;
  readonly slotsFree: number | null;
  readonly refusal: Refusal | null;
  readonly clientOrderId: ClientOrderId | null;
}
