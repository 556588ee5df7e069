import { decimal, decimalText } from '../../src/core/base/decimal.ts';

interface HoldingText {
  readonly direction: string;
  readonly entryNotional: string;
  readonly exitNotional: string;
  readonly fees: string;
}

/** What a position has taken in, less what it has cost, after all fees: what of it is open counts as spent. */
export function takenInBy({ direction, fees, ...sums }: HoldingText): string {
  const gross = decimal(sums.exitNotional)
    .minus(sums.entryNotional)
    .times(direction === 'long' ? 1 : -1);
  return decimalText(gross.minus(fees));
}
