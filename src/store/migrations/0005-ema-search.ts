import type { Migration } from '../../platform/migration.ts';

/** What the search for a pair of averages found, one row an instrument and timeframe: the newest search stands. */
export const emaSearchMigration: Migration = {
  number: 5,
  name: 'ema-search',
  statements: [
    `create table "emaSearch" (
      "instrumentId" text not null,
      "timeframe" text not null,
      "verdict" text not null check ("verdict" in ('better', 'no-better', 'not-enough')),
      "shortLength" integer,
      "longLength" integer,
      "settingsHash" text not null,
      "lastMs" integer not null,
      "searchedMs" integer not null,
      "evidenceJson" text not null,
      primary key ("instrumentId", "timeframe")
    ) strict, without rowid`,
  ],
};
