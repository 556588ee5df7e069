import type { Kysely } from 'kysely';
import { type Decimal, decimal, decimalText, ZERO } from '../../core/base/decimal.ts';
import type { IntentState, LastEntry } from '../intent-row.ts';
import type { IntentTable, Tables } from '../tables.ts';
import { intentOf } from './intents.ts';

/** An order that was cancelled may have filled in part. */
const NEVER_FILLED: readonly IntentState[] = ['rejected', 'not-placed'];

/** Executions that are part of positions whose end is recorded, by what these positions are named after. */
type Ended = ReadonlyMap<string, ReadonlySet<string>>;

/** Of equal times the later row counts: ids of one process are numbered upwards. */
export async function lastEntries(db: Kysely<Tables>, accountId: string): Promise<readonly LastEntry[]> {
  const rows = await db
    .selectFrom('intent')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('reduceOnly', '=', 0)
    .where('state', 'not in', NEVER_FILLED)
    .orderBy('createdMs')
    .orderBy('clientOrderId')
    .execute();
  const newest = new Map(rows.map((row) => [row.instrumentId, openerOf(row)]));
  const ended = await endedEntries(db);
  const last = rows.filter((row) => newest.get(row.instrumentId) === openerOf(row));
  const found = await Promise.all(last.map((row) => entryOf(db, row, ended)));
  return found.filter((row) => row !== null);
}

/**
 * Null where its position is over and nothing more can come of it. A rung may still fill then, and the process that
 * would have heard of it may have died.
 */
async function entryOf(db: Kysely<Tables>, row: IntentTable, ended: Ended): Promise<LastEntry | null> {
  const fillIds = ended.get(openerOf(row));
  if (fillIds === undefined) return { ...intentOf(row), over: null };
  // Of versions that kept no executions nothing tells what was part of it.
  if (fillIds.size === 0 || row.state === 'cancelled') return null;
  const fills = await db
    .selectFrom('fill')
    .select(['fillId', 'quantity'])
    .where('clientOrderId', '=', row.clientOrderId)
    .execute();
  const booked = fills
    .filter(({ fillId }) => fillIds.has(fillId))
    .reduce((sum: Decimal, { quantity }) => sum.plus(quantity), ZERO);
  if (booked.greaterThanOrEqualTo(decimal(row.quantity))) return null;
  return { ...intentOf(row), over: { quantity: decimalText(booked), fillIds: [...fillIds] } };
}

/** What its position is named after: all rungs of a ladder open one position. */
function openerOf({ ladderId, clientOrderId }: IntentTable): string {
  return ladderId ?? clientOrderId;
}

/** The id of a closed position begins with that of its entry. */
async function endedEntries(db: Kysely<Tables>): Promise<Ended> {
  const rows = await db
    .selectFrom('trade')
    .leftJoin('tradeStep', 'tradeStep.tradeId', 'trade.tradeId')
    .select(['trade.tradeId', 'tradeStep.fillId'])
    .execute();
  const ended = new Map<string, Set<string>>();
  for (const { tradeId, fillId } of rows) {
    const opener = tradeId.slice(0, tradeId.indexOf('-'));
    const fillIds = ended.get(opener) ?? new Set();
    if (fillId !== null) fillIds.add(fillId);
    ended.set(opener, fillIds);
  }
  return ended;
}
