import { TIMEFRAMES } from '../core/domain/timeframe.ts';
import { productVersion } from '../platform/version.ts';

/** What the command line says about the product itself. */
export const productFacts = {
  version: productVersion(),
  /** Timeframes a person may choose. */
  timeframes: TIMEFRAMES as readonly string[],
};
