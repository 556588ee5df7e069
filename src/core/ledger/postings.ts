import { type Decimal, ZERO } from '../base/decimal.ts';
import type { Movement, MovementKind } from '../domain/movement.ts';

/** Where money is, and where it came from or went. */
export const LEDGER_ACCOUNTS = [
  /** What the exchange calls the wallet's balance. */
  'wallet',
  /** What the wallet held when the ledger was opened. */
  'opening',
  /** Profits and losses of positions that ended, or in part. */
  'realised',
  'fees',
  'funding',
  'interest',
  /** What an exchange's fund made up. */
  'insurance',
  'transfers',
  'conversions',
  /** Gifts and refunds. */
  'bonuses',
  /** What the exchange's own words do not account for. */
  'unexplained',
] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/**
 * Money from one account to another. It is in balance by its form: what `debit` is given, always above zero, is what is
 * taken from `credit`.
 */
export interface Posting<Account extends string = LedgerAccount> {
  readonly debit: Account;
  readonly credit: Account;
  readonly amount: Decimal;
}

const SOURCE: Readonly<Record<MovementKind, LedgerAccount>> = {
  trade: 'realised',
  liquidation: 'realised',
  deleveraging: 'realised',
  delivery: 'realised',
  funding: 'funding',
  interest: 'interest',
  insurance: 'insurance',
  transfer: 'transfers',
  conversion: 'conversions',
  bonus: 'bonuses',
  refund: 'bonuses',
  unknown: 'unexplained',
};

/**
 * What a movement is booked as: as many postings as it has parts. Together they change the wallet by what the exchange
 * says it changed, and what its parts leave of that is unexplained. Empty when nothing moved.
 */
export function postingsOf(
  movement: Pick<Movement, 'kind' | 'change' | 'cashFlow' | 'funding' | 'fee'>,
): readonly Posting[] {
  const { kind, change } = movement;
  if (kind === 'unknown') return wallet('unexplained', change);
  const funding = movement.funding ?? ZERO;
  const fee = movement.fee ?? ZERO;
  const rest = change.minus(funding).plus(fee);
  const cashFlow = movement.cashFlow ?? rest;
  return [
    ...wallet(SOURCE[kind], cashFlow),
    ...wallet('funding', funding),
    ...wallet('fees', fee.negated()),
    ...wallet('unexplained', rest.minus(cashFlow)),
  ];
}

/** What the wallet held when the ledger was opened. */
export function openingPostings(balance: Decimal): readonly Posting[] {
  return wallet('opening', balance);
}

/** What each account has been given, less what was taken from it. All of them together are nothing. */
export function balancesOf<Account extends string>(
  postings: Iterable<Posting<Account>>,
  before: ReadonlyMap<Account, Decimal> = new Map(),
): ReadonlyMap<Account, Decimal> {
  const balances = new Map(before);
  const add = (account: Account, amount: Decimal): void => {
    balances.set(account, (balances.get(account) ?? ZERO).plus(amount));
  };
  for (const { debit, credit, amount } of postings) {
    add(debit, amount);
    add(credit, amount.negated());
  }
  return balances;
}

/** What moves the wallet by `amount`, which comes from, or with a minus goes to, another account. */
function wallet(other: LedgerAccount, amount: Decimal): readonly Posting[] {
  if (amount.isZero()) return [];
  return amount.isNegative()
    ? [{ debit: other, credit: 'wallet', amount: amount.negated() }]
    : [{ debit: 'wallet', credit: other, amount }];
}
