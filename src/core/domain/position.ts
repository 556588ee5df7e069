import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { Direction, ExitReason } from './order.ts';
import type { Timeframe } from './timeframe.ts';
import type { Trend } from './trend.ts';

/** A position as the exchange states it. Quantity > 0 always; `stopPrice` null means no stop rests there. */
export interface ExchangePosition {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly markPrice: Decimal;
  readonly leverage: number;
  readonly stopPrice: Decimal | null;
  readonly takeProfitPrice: Decimal | null;
  readonly liquidationPrice: Decimal | null;
  readonly unrealisedPnl: Decimal;
}

/** An order that would end a position, or a part of it, at a loss or at less of a profit; whoever set it. */
export interface RestingStop {
  readonly instrumentId: InstrumentId;
  /** Of the position it would end. */
  readonly direction: Direction;
  readonly stopPrice: Decimal;
  /** The price it is held against. A wick of one exchange's last price fires what goes by that. */
  readonly trigger: 'mark' | 'last' | 'index';
}

/** Our own open position. `entering` and `closing` wait for the exchange's word. */
export type PositionState = 'entering' | 'open' | 'closing';

/** One change of what is held of a position. */
export interface PositionStep {
  /** The execution that made it; null: none was told, it was the exchange's statement. */
  readonly fillId: string | null;
  readonly timeMs: number;
  /** What was held after it, ours alone. */
  readonly held: Decimal;
}

/**
 * A finished round trip, by its executions. All money in quote currency. Its funding is not known here: what of it
 * was paid is read from the exchange's list of transactions, later.
 */
export interface ClosedPosition {
  readonly tradeId: string;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly timeframe: Timeframe;
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly exitPrice: Decimal;
  /** What its prices made, before every cost. */
  readonly grossPnl: Decimal;
  /** Paid for its executions; below zero where rebates outweigh. */
  readonly fees: Decimal;
  /** Gross less fees. */
  readonly tradedPnl: Decimal;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryTrend: Trend;
  readonly entryRsi: number | null;
  readonly exitReason: ExitReason;
  /** How long it was held without a stop the exchange was seen to hold, ms. */
  readonly unprotectedMs: number;
  /** Whose money it was; null: it was entered under no lease. */
  readonly accountId: string | null;
  /** Oldest first. Empty, or without its beginning, where it was opened before steps were kept. */
  readonly steps: readonly PositionStep[];
}

/** Money that came into an account (> 0) or left it (< 0) without any trade, settlement currency. */
export interface Transfer {
  readonly timeMs: number;
  readonly amount: Decimal;
}

/** Money of an account in its settlement currency. */
export interface AccountBalance {
  readonly equity: Decimal;
  readonly walletBalance: Decimal;
  readonly available: Decimal;
}
