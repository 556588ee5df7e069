import { z } from 'zod';
import type { Decimal } from '../../../core/base/decimal.ts';
import type { PriceKind } from '../../../core/matching/book.ts';
import type { ProtectionLevel, ProtectionMode } from '../../../core/matching/matching-order.ts';

export const stopsModeInput = z.enum(['Full', 'Partial', '']).nullish();
export const stopTypeInput = z.enum(['Market', 'Limit', '', 'UNKNOWN']).nullish();

/** The words about stops that `order/create` and `trading-stop` share. */
interface StopWords {
  readonly tpslMode?: z.output<typeof stopsModeInput>;
  readonly tpOrderType?: z.output<typeof stopTypeInput>;
  readonly slOrderType?: z.output<typeof stopTypeInput>;
}

export function toStopsMode(word: z.output<typeof stopsModeInput>): ProtectionMode {
  return word === 'Partial' ? 'partial' : 'full';
}

/** Stops of a whole position close it at market; limit stops are for parts. */
export function isLimitStopOfWhole(input: StopWords): boolean {
  const isLimit = input.tpOrderType === 'Limit' || input.slOrderType === 'Limit';
  return isLimit && input.tpslMode !== 'Partial';
}

/** Zero and nothing both mean no stop; a limit price of zero or nothing means at market. */
export function stopLevel(
  price: Decimal | undefined,
  by: PriceKind,
  limitPrice: Decimal | undefined,
): ProtectionLevel | null {
  if (price === undefined || price.isZero()) return null;
  return limitPrice === undefined || limitPrice.isZero() ? { price, by } : { price, by, limitPrice };
}
