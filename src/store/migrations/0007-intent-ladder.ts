import type { Migration } from '../../platform/migration.ts';

/** Which ladder an entry was a rung of, by the name of its first order. Null in older rows, and for an entry alone. */
export const intentLadderMigration: Migration = {
  number: 7,
  name: 'intent-ladder',
  statements: ['alter table "intent" add column "ladderId" text'],
};
