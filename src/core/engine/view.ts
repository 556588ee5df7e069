import type { InstrumentId, InstrumentStatus } from '../domain/instrument.ts';
import type { Direction, ExitReason } from '../domain/order.ts';
import type { PositionState } from '../domain/position.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Trend } from '../domain/trend.ts';
import type { SignalKind } from '../domain/verdict.ts';
import type { StopKind } from '../position/exit-rule.ts';
import type { TrailingMemory } from '../position/guard-memory.ts';
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
  readonly pnlUsdt: number | null;
  readonly pnlPct: number | null;
  readonly leverage: number;
  readonly openedMs: number;
  readonly entryRsi: number | null;
  readonly entryTrend: Trend | null;
  readonly closingReason: ExitReason | null;
}

/** A bot: a running pairing of an instrument and the rules. One per instrument. */
export interface BotView {
  readonly instrumentId: InstrumentId;
  readonly origin: 'manual' | 'auto';
  readonly status: 'running' | 'paused' | 'entering' | 'in-position-long' | 'in-position-short' | 'closing';
  /** Direction the person restricted it to; null for both. */
  readonly direction: Direction | null;
  readonly createdMs: number;
  /** What it does otherwise than its instrument. */
  readonly settings: InstrumentPatch;
}
