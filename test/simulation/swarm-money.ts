import { decimal, decimalText } from '../../src/core/base/decimal.ts';

interface HoldingText {
  readonly direction: string;
  readonly entryQuantity: string;
  readonly entryNotional: string;
  readonly exitQuantity: string;
  readonly exitNotional: string;
  readonly fees: string;
}

/** Money a position has made with what was closed of it, after all fees. */
export function realisedOf({ direction, fees, ...sums }: HoldingText): string {
  const cost = decimal(sums.entryNotional).dividedBy(sums.entryQuantity).times(sums.exitQuantity);
  const gross = decimal(sums.exitNotional)
    .minus(cost)
    .times(direction === 'long' ? 1 : -1);
  return decimalText(gross.minus(fees));
}
