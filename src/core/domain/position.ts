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

/** A finished round trip. All money in quote currency; `pnl` = gross - fees. */
export interface ClosedPosition {
  readonly tradeId: string;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly timeframe: Timeframe;
  readonly quantity: Decimal;
  readonly entryPrice: Decimal;
  readonly exitPrice: Decimal;
  readonly grossPnl: Decimal;
  readonly fees: Decimal;
  readonly pnl: Decimal;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryTrend: Trend;
  readonly entryRsi: number | null;
  readonly exitReason: ExitReason;
  /** How long it was held without a stop the exchange was seen to hold, ms. */
  readonly unprotectedMs: number;
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
