import { type Decimal, decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import { parseMovementKind } from '../core/domain/movement.ts';
import { balancesOf, openingPostings, type Posting, postingsOf } from '../core/ledger/postings.ts';
import type { LedgerEntry, LedgerStanding } from '../store/ledger-row.ts';
import type { Page, Store } from '../store/store.ts';
import type { FundedTrade } from '../store/trade-row.ts';
import { type TradesReport, tradesAgainst } from './ledger-trades.ts';

/** What computing the books anew has found. */
export interface LedgerReport {
  readonly sound: boolean;
  readonly entries: number;
  readonly openedMs: number;
  /** When ledger and wallet were last seen to be equal, by the exchange's clock. */
  readonly agreedMs: number;
  readonly balances: Readonly<Record<string, string>>;
  /** Each a sentence; empty when every posting and balance is what follows from what the exchange told. */
  readonly faults: readonly string[];
  readonly trades: TradesReport;
}

const PAGE = 500;
const TRIES = 3;

/**
 * Computes the books of an account anew from what the exchange told, and holds them against what is stored, and stored
 * trades against them. Null where no ledger was opened. Rejects with `StoreError`.
 */
export async function checkLedger(
  store: Pick<Store, 'ledger' | 'listTrades'>,
  accountId: string,
): Promise<LedgerReport | null> {
  for (let tries = 1; ; tries += 1) {
    const before = await store.ledger.standing(accountId);
    if (before === null) return null;
    const entries = await entriesOf(store, accountId);
    const after = await store.ledger.standing(accountId);
    // A service that runs may have booked in between.
    if (after === null || (tries < TRIES && textOf(before) !== textOf(after))) continue;
    const faults = faultsOf(after, entries);
    const trades = tradesAgainst(await tradesOf(store, accountId), entries);
    const { openedMs, agreedMs } = after;
    const balances = Object.fromEntries(after.balances);
    return {
      sound: faults.length === 0,
      entries: entries.length,
      openedMs,
      agreedMs,
      balances,
      faults,
      trades,
    };
  }
}

async function entriesOf({ ledger }: Pick<Store, 'ledger'>, accountId: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let cursor: string | null = null;
  do {
    const page = await ledger.list({ accountId, limit: PAGE, cursor });
    for (const entry of page.rows) entries.push(entry);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return entries;
}

function textOf({ balances }: LedgerStanding): string {
  return JSON.stringify([...balances].sort());
}

function faultsOf({ balances }: LedgerStanding, entries: readonly LedgerEntry[]): readonly string[] {
  const faults: string[] = [];
  const all: Posting[] = [];
  for (const entry of entries) {
    const postings = bookedAnew(entry);
    if (postings === null) faults.push(`Entry ${entry.movementId} has a kind nobody knows: ${entry.kind}.`);
    else if (lines(postings) !== lines(entry.postings))
      faults.push(`Entry ${entry.movementId} is booked otherwise.`);
    all.push(...(postings ?? []));
  }
  const recounted: ReadonlyMap<string, Decimal> = balancesOf(all);
  for (const account of new Set([...recounted.keys(), ...balances.keys()])) {
    const counted = decimalText(recounted.get(account) ?? ZERO);
    const stored = balances.get(account) ?? '0';
    if (counted !== stored)
      faults.push(`Account ${account} is ${counted} by its postings and stored as ${stored}.`);
  }
  return faults;
}

function bookedAnew({ kind, change, cashFlow, funding, fee }: LedgerEntry): readonly Posting[] | null {
  if (kind === 'opening') return openingPostings(decimal(change));
  const known = parseMovementKind(kind);
  if (known === null) return null;
  const [flow, received, paid] = [cashFlow, funding, fee].map((part) =>
    part === null ? null : decimal(part),
  );
  const parts = { cashFlow: flow ?? null, funding: received ?? null, fee: paid ?? null };
  return postingsOf({ kind: known, change: decimal(change), ...parts });
}

function lines(
  postings: readonly { readonly debit: string; readonly credit: string; readonly amount: Decimal | string }[],
): string {
  return postings
    .map(({ debit, credit, amount }) => `${debit} ${credit} ${decimal(amount).toFixed()}`)
    .join(';');
}

async function tradesOf(
  store: Pick<Store, 'listTrades'>,
  accountId: string,
): Promise<readonly FundedTrade[]> {
  const trades: FundedTrade[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<FundedTrade> = await store.listTrades({ limit: PAGE, cursor });
    for (const trade of page.rows) if (trade.accountId === accountId) trades.push(trade);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return trades;
}
