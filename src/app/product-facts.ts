import { PATH_ORDERS } from '../backtest/path-order.ts';
import { TIMEFRAMES } from '../core/domain/timeframe.ts';
import { productVersion } from '../platform/version.ts';

/** What the command line says about the product itself. */
export const productFacts = {
  version: productVersion(),
  /** Timeframes a person may choose. */
  timeframes: TIMEFRAMES as readonly string[],
  /** Orders of the extremes of a candle a backtest may take. */
  pathOrders: PATH_ORDERS as readonly string[],
};
