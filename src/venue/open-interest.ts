import { type Decimal, maxDecimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';

/**
 * Quantity of all long positions at each of these times, which ascend: this venue has no other traders. Made from
 * the fills that are kept, each of which tells what was held after it.
 */
export function openInterestAt(
  accounts: readonly TradingAccount[],
  instrumentId: InstrumentId,
  timesMs: readonly number[],
): readonly Decimal[] {
  const sums = timesMs.map(() => ZERO);
  for (const account of accounts) {
    const fills = account
      .fills()
      .filter((fill) => fill.instrumentId === instrumentId)
      .toReversed();
    const held = new Map<number, Decimal>();
    let next = 0;
    for (const [at, timeMs] of timesMs.entries()) {
      for (let fill = fills[next]; fill !== undefined && fill.timeMs <= timeMs; fill = fills[next]) {
        held.set(fill.positionIndex, maxDecimal(ZERO, fill.heldAfter));
        next += 1;
      }
      for (const quantity of held.values()) sums[at] = quantity.plus(sums[at] ?? ZERO);
    }
  }
  return sums;
}
