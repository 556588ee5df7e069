import type { Migration } from '../../platform/migration.ts';

/** What an entry was decided on: with it, a lost trading state is rebuilt from the journal. Null in older rows. */
export const intentEntryMigration: Migration = {
  number: 3,
  name: 'intent-entry',
  statements: [
    'alter table "intent" add column "leverage" real',
    'alter table "intent" add column "referencePrice" text',
    'alter table "intent" add column "timeframe" text',
    'alter table "intent" add column "entryRsi" real',
    'alter table "intent" add column "entryTrend" text',
  ],
};
