import type { Migration } from '../../platform/migration.ts';

/** The equity of an account at its first reading in an hour: what losses of a day are counted from. */
export const equityMarkMigration: Migration = {
  number: 12,
  name: 'equity-mark',
  statements: [
    `create table "equityMark" (
      "accountId" text not null,
      "hour" integer not null,
      "markMs" integer not null,
      "equity" text not null,
      primary key ("accountId", "hour")
    ) strict, without rowid`,
    'create index "intentByTime" on "intent" ("accountId", "createdMs")',
  ],
};
