import { assert } from '../core/base/assert.ts';
import { decimal } from '../core/base/decimal.ts';
import { openTimeMsAt } from '../core/domain/timeframe.ts';
import type { Desk } from '../core/matching/account-state.ts';
import { TradingAccount } from '../core/matching/trading-account.ts';
import type { VenueBooks } from './books/venue-books.ts';
import type { FeeDesk } from './fee-desk.ts';
import { FEE_TIERS } from './fee-tier.ts';
import type { VenueAccount } from './venue-account.ts';

/** By number: each as the books have it, or opened with what its wallet starts with. */
export function openAccounts(
  accounts: readonly VenueAccount[],
  { desk, fees, books }: { readonly desk: Desk; readonly fees: FeeDesk; readonly books: VenueBooks | null },
): ReadonlyMap<string, TradingAccount> {
  const opened = new Map<string, TradingAccount>();
  for (const { uid, walletUsdt, vipLevel } of accounts) {
    if (opened.has(uid)) continue;
    const state = books?.account(uid) ?? null;
    const account = state === null ? fresh(uid, walletUsdt, desk) : new TradingAccount({ state, desk });
    opened.set(uid, account);
    if (vipLevel !== undefined) assert(fees.promise(account, vipLevel), `There is no level ${vipLevel}.`);
  }
  return opened;
}

function fresh(uid: string, walletUsdt: VenueAccount['walletUsdt'], desk: Desk): TradingAccount {
  return new TradingAccount({
    uid,
    deposit: decimal(walletUsdt),
    // It had its money before it came here: none of that was moved in on the first day.
    depositedMs: openTimeMsAt(desk.nowMs(), '1d') - 1,
    feeRates: FEE_TIERS[0].rates,
    desk,
  });
}
