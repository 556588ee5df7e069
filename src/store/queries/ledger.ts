import type { Kysely } from 'kysely';
import { type Decimal, decimal, decimalText } from '../../core/base/decimal.ts';
import { balancesOf } from '../../core/ledger/postings.ts';
import type {
  LedgerBooked,
  LedgerEntry,
  LedgerMark,
  LedgerPage,
  LedgerRows,
  LedgerStanding,
  MovementRow,
  PostingRow,
} from '../ledger-row.ts';
import type { Tables } from '../tables.ts';
import { cursorTime, pageOf } from './page.ts';

/** What must be equal where a movement is told again. Names of things may become known later. */
const AMOUNTS = ['change', 'cashFlow', 'funding', 'fee'] as const;

export async function ledgerStanding(db: Kysely<Tables>, accountId: string): Promise<LedgerStanding | null> {
  const mark = await db
    .selectFrom('ledgerMark')
    .select(['openedMs', 'readToMs', 'agreedMs'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return mark === undefined ? null : { ...mark, balances: texts(await balancesIn(db, accountId)) };
}

export function bookEntries(
  db: Kysely<Tables>,
  accountId: string,
  entries: readonly LedgerEntry[],
  mark: LedgerMark,
): Promise<LedgerBooked> {
  return db.transaction().execute(async (step) => {
    const added: LedgerEntry[] = [];
    const contradicted: string[] = [];
    for (const entry of entries) {
      if (await addEntry(step, accountId, entry)) added.push(entry);
      else if (!(await isToldAlike(step, accountId, entry))) contradicted.push(entry.movementId);
    }
    const balances = await addToBalances(
      step,
      accountId,
      added.flatMap(({ postings }) => postings),
    );
    await step
      .insertInto('ledgerMark')
      .values({ accountId, ...mark })
      .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ ...mark }))
      .execute();
    const standing = { ...mark, balances };
    return { added: added.map(({ movementId }) => movementId), contradicted, standing };
  });
}

/** Newest first; of the same time the one that came last. */
export async function listEntries(db: Kysely<Tables>, page: LedgerPage): Promise<LedgerRows> {
  const before = cursorTime(page.cursor);
  let query = db
    .selectFrom('ledgerMovement')
    .selectAll()
    .where('accountId', '=', page.accountId)
    .orderBy('timeMs', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  if (before !== null) {
    query = query.where((row) => row(row.refTuple('timeMs', 'id'), '<', row.tuple(before.timeMs, before.id)));
  }
  const found = await query.execute();
  const { rows, nextCursor } = pageOf(found, page.limit, (last) => `${last.timeMs}-${last.id}`);
  const ids = rows.map(({ id }) => id);
  const postings = await db
    .selectFrom('ledgerPosting')
    .selectAll()
    .where('movement', 'in', ids)
    .orderBy('part')
    .execute();
  const ofMovement = new Map<number, PostingRow[]>(ids.map((id) => [id, []]));
  for (const { movement, debit, credit, amount } of postings)
    ofMovement.get(movement)?.push({ debit, credit, amount });
  const entries = rows.map(({ id, accountId, ...movement }) => {
    return { ...movement, postings: ofMovement.get(id) ?? [] };
  });
  return { rows: entries, nextCursor };
}

/** False: it is there. */
async function addEntry(
  step: Kysely<Tables>,
  accountId: string,
  { postings, ...movement }: LedgerEntry,
): Promise<boolean> {
  const row = await step
    .insertInto('ledgerMovement')
    .values({ accountId, ...movement })
    .onConflict((conflict) => conflict.columns(['accountId', 'movementId']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return false;
  const parts = postings.map((posting, part) => ({ movement: row.id, part, ...posting }));
  if (parts.length > 0) await step.insertInto('ledgerPosting').values(parts).execute();
  return true;
}

async function isToldAlike(step: Kysely<Tables>, accountId: string, told: MovementRow): Promise<boolean> {
  const booked = await step
    .selectFrom('ledgerMovement')
    .select([...AMOUNTS])
    .where('accountId', '=', accountId)
    .where('movementId', '=', told.movementId)
    .executeTakeFirstOrThrow();
  return AMOUNTS.every((name) => booked[name] === told[name]);
}

async function addToBalances(
  step: Kysely<Tables>,
  accountId: string,
  added: readonly PostingRow[],
): Promise<ReadonlyMap<string, string>> {
  const before = await balancesIn(step, accountId);
  const postings = added.map(({ amount, ...between }) => ({ ...between, amount: decimal(amount) }));
  const balances = balancesOf(postings, before);
  for (const [account, balance] of balances) {
    const amount = decimalText(balance);
    if (before.get(account)?.equals(balance) === true) continue;
    await step
      .insertInto('ledgerBalance')
      .values({ accountId, account, amount })
      .onConflict((conflict) => conflict.columns(['accountId', 'account']).doUpdateSet({ amount }))
      .execute();
  }
  return texts(balances);
}

async function balancesIn(db: Kysely<Tables>, accountId: string): Promise<ReadonlyMap<string, Decimal>> {
  const rows = await db
    .selectFrom('ledgerBalance')
    .select(['account', 'amount'])
    .where('accountId', '=', accountId)
    .execute();
  return new Map(rows.map(({ account, amount }) => [account, decimal(amount)]));
}

function texts(balances: ReadonlyMap<string, Decimal>): ReadonlyMap<string, string> {
  return new Map([...balances].map(([account, amount]) => [account, decimalText(amount)]));
}
