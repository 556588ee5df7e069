import { type Decimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Book } from '../core/matching/book.ts';
import type { InsuranceFund, TakenOver } from '../core/matching/insurance-fund.ts';
import type { MatchingPosition } from '../core/matching/matching-position.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';

/** What deleveraging needs of the exchange. */
export interface DeleveragingFloor {
  readonly fund: InsuranceFund;
  accounts(): readonly TradingAccount[];
  book(instrumentId: InstrumentId): Book | null;
}

interface Candidate {
  readonly account: TradingAccount;
  readonly position: MatchingPosition;
  readonly rank: Decimal;
}

/**
 * Closes positions of the other side against the bankrupt ones the fund could not pay for, those with the
 * highest profit and leverage first. What nobody is there for the fund bears.
 */
export function deleverageUnpaid(floor: DeleveragingFloor): void {
  for (const taken of floor.fund.drainUnpaid()) {
    const book = floor.book(taken.instrumentId);
    let left = taken.quantity;
    for (const { account, position } of book === null ? [] : candidates(floor, taken)) {
      if (book === null || left.isZero()) break;
      left = left.minus(account.deleverage(position, { book, quantity: left, price: taken.bankruptcyPrice }));
    }
    if (!left.isZero()) floor.fund.bear(taken, left);
  }
}

/** 0 = no position, 1 = last to be closed, 5 = next: by the rank among all positions of the side. */
export function deleveragingLights(
  accounts: readonly TradingAccount[],
  account: TradingAccount,
  position: MatchingPosition,
): number {
  if (position.quantity.isZero()) return 0;
  const own = rankOf(account, position);
  const all = ranksOf(accounts, position);
  const behind = all.filter((each) => each.rank.lessThan(own)).length;
  const isAlone = all.length < 2;
  return isAlone ? 1 : 1 + Math.floor((behind / (all.length - 1)) * 4);
}

function candidates(floor: DeleveragingFloor, taken: TakenOver): readonly Candidate[] {
  const other = taken.direction === 'long' ? 'short' : 'long';
  return ranksOf(floor.accounts(), { instrumentId: taken.instrumentId, direction: other })
    .filter((each) => each.account.uid !== taken.uid)
    .sort((a, b) => b.rank.comparedTo(a.rank));
}

function ranksOf(
  accounts: readonly TradingAccount[],
  side: Pick<MatchingPosition, 'instrumentId' | 'direction'>,
): Candidate[] {
  return accounts.flatMap((account) =>
    account
      .openPositions()
      .filter((each) => each.instrumentId === side.instrumentId && each.direction === side.direction)
      .map((position) => ({ account, position, rank: rankOf(account, position) })),
  );
}

/** Profit by what was paid, times the leverage; a loss counts the less the higher the leverage. */
function rankOf(account: TradingAccount, position: MatchingPosition): Decimal {
  const { unrealisedPnl, leverage } = account.positionMargin(position);
  if (position.entryValue.isZero()) return ZERO;
  const rate = unrealisedPnl.dividedBy(position.entryValue);
  return unrealisedPnl.isNegative() ? rate.dividedBy(leverage) : rate.times(leverage);
}
