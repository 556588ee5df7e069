import type { Kysely } from 'kysely';
import { ensure } from '../../core/base/assert.ts';
import { makeDictionary, packRecord, unpackRecord } from '../record-pack.ts';
import type { DecisionRow, Numbered } from '../store.ts';
import type { PackedDecisionTable, Tables } from '../tables.ts';

/** Records packed in one commit: a few milliseconds. */
export const RECORDS_PER_PACK = 25;
/** Records change with the settings and the program: a dictionary older than this fits them badly. */
const DICTIONARY_AGE_MS_MAX = 30 * 86_400_000;

interface Dictionary {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Packs the oldest full records from before `beforeMs`, at most `RECORDS_PER_PACK`; gives how many. */
export function packOnce(db: Kysely<Tables>, beforeMs: number): Promise<number> {
  return db.transaction().execute(async (step) => {
    const oldest = await step
      .selectFrom('decision')
      .selectAll()
      .orderBy('id')
      .limit(RECORDS_PER_PACK)
      .execute();
    // In the order of ids whatever the clock did: so the packed ones are always those before the others.
    const young = oldest.findIndex(({ timeMs }) => timeMs >= beforeMs);
    const rows = young === -1 ? oldest : oldest.slice(0, young);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const { number, bytes } = await dictionaryFor(step, rows);
    const packed = rows.map(({ recordJson, ...row }) => ({
      ...row,
      dictionary: number,
      packed: packRecord(recordJson, bytes),
    }));
    await step.insertInto('packedDecision').values(packed).execute();
    await step.deleteFrom('decision').where('id', '<=', last.id).execute();
    return rows.length;
  });
}

/** Rows as the port knows them. */
export async function unpackRows(
  db: Kysely<Tables>,
  rows: readonly PackedDecisionTable[],
): Promise<readonly (DecisionRow & Numbered)[]> {
  const numbers = [...new Set(rows.map(({ dictionary }) => dictionary))];
  if (numbers.length === 0) return [];
  const found = await db
    .selectFrom('decisionDictionary')
    .select(['number', 'bytes'])
    .where('number', 'in', numbers)
    .execute();
  const dictionaries = new Map(found.map(({ number, bytes }) => [number, bytes]));
  return rows.map(({ packed, dictionary, ...row }) => {
    const bytes = ensure(dictionaries.get(dictionary), 'The dictionary of a packed record is kept.');
    return { ...row, recordJson: unpackRecord(packed, bytes) };
  });
}

/** The newest dictionary, or one made of these rows when there is none that fits. */
async function dictionaryFor(
  db: Kysely<Tables>,
  rows: readonly Pick<DecisionRow, 'timeMs' | 'recordJson'>[],
): Promise<Dictionary> {
  const madeMs = rows[0]?.timeMs ?? 0;
  const newest = await db
    .selectFrom('decisionDictionary')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest !== undefined && madeMs - newest.madeMs < DICTIONARY_AGE_MS_MAX) return newest;
  const bytes = makeDictionary(rows.map(({ recordJson }) => recordJson));
  const { number } = await db
    .insertInto('decisionDictionary')
    .values({ madeMs, bytes })
    .returning('number')
    .executeTakeFirstOrThrow();
  return { number, bytes };
}
