import type { InstrumentId, InstrumentStatus } from '../domain/instrument.ts';
import type { Direction, ExitReason } from '../domain/order.ts';
import type { PositionState } from '../domain/position.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Trend } from '../domain/trend.ts';
import type { SignalKind } from '../domain/verdict.ts';
import type { StopKind } from '../position/exit-rule.ts';
import type { TrailingMemory } from '../position/guard-memory.ts';
import type { LadderEnd, RungState } from './ladder.ts';
import type { InstrumentPatch } from './settings.ts';

/** What one row of the scan shows. Values are numbers as statistics; null where there is nothing yet. */
export interface ScanRow {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly status: InstrumentStatus;
  readonly lastPrice: number | null;
  readonly turnover24h: number | null;
  readonly rsi: number | null;
  readonly trend: Trend | null;
  readonly signal: SignalKind;
  /** Codes of the filters that veto an entry now; empty without an entry signal or with none. */
  readonly blockers: readonly string[];
  readonly candleCount: number;
  readonly candleOpenTimeMs: number | null;
  readonly mature: boolean;
  readonly inPosition: Direction | null;
}

/** One order of a ladder. Money as exact decimal text. */
interface RungView {
  readonly state: RungState;
  /** Null for a market order. */
  readonly price: string | null;
  readonly quantity: string;
  readonly filledQuantity: string;
  /** Null until it was sent. */
  readonly clientOrderId: string | null;
}

/** The orders an entry was split over, while any of them may still fill. */
export interface LadderView {
  /** Average price when all rungs fill. */
  readonly averagePrice: string;
  /** When what has not filled is taken back, ms; null: by no clock. */
  readonly expiresMs: number | null;
  /** Why the rest is being taken back; null while it may fill. */
  readonly ending: LadderEnd | null;
  readonly rungs: readonly RungView[];
}

/** An open position of ours. Money as exact decimal text. */
export interface PositionView {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly state: PositionState;
  readonly timeframe: Timeframe;
  readonly quantity: string;
  readonly entryPrice: string | null;
  readonly lastPrice: number | null;
  readonly stopPrice: string;
  /** What put the stop there. */
  readonly stopKind: StopKind;
  readonly takeProfitPrice: string | null;
  /** Best profit seen, % of the entry price. */
  readonly bestProfitPct: number;
  /** Null until break-even is armed. */
  readonly breakEvenPrice: number | null;
  /** Null until the trailing stop is awake. */
  readonly trailing: TrailingMemory | null;
  /** An RSI exit at a loss was put off until the position is back at a profit. */
  readonly rsiExitWaiting: boolean;
  /** Stop the exchange itself stated at the last snapshot; null when none rests there. */
  readonly exchangeStopPrice: string | null;
  readonly stopConfirmedMs: number | null;
  /** Since when no stop of it is confirmed; null while one is. */
  readonly unprotectedSinceMs: number | null;
  /** How long it has been held without a confirmed stop so far, ms. */
  readonly unprotectedMs: number;
  readonly pnlUsdt: number | null;
  readonly pnlPct: number | null;
  readonly leverage: number;
  readonly openedMs: number;
  readonly entryRsi: number | null;
  readonly entryTrend: Trend | null;
  readonly closingReason: ExitReason | null;
  /**
   * The exchange's list states less than our fills add up to and no fill says why: `listedQuantity`, null where it
   * lacks the position. Null while there is no doubt.
   */
  readonly doubt: { readonly listedQuantity: string | null } | null;
  /** Null for an entry by one order, and when no rung can fill any more. */
  readonly ladder: LadderView | null;
}

/** Why a bot is paused: a person stopped it, or the exchange holds a position on its instrument that is not ours. */
export const PAUSE_REASONS = ['person', 'conflict'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A bot: a running pairing of an instrument and the rules. One per instrument. */
export interface BotView {
  readonly instrumentId: InstrumentId;
  readonly origin: 'manual' | 'auto';
  readonly status: 'running' | 'paused' | 'entering' | 'in-position-long' | 'in-position-short' | 'closing';
  /** Why it is paused; null while it runs. */
  readonly pauseReason: PauseReason | null;
  /** It came with one entry or adoption by a person, and goes with that position unless they started or paused it. */
  readonly single: boolean;
  /** Direction the person restricted it to; null for both. */
  readonly direction: Direction | null;
  readonly createdMs: number;
  /** What it does otherwise than its instrument. */
  readonly settings: InstrumentPatch;
}
