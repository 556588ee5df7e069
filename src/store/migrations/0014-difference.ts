import type { Migration } from '../../platform/migration.ts';

/** In what the exchange's account and ours differed, from when to when, and what ended it. */
export const differenceMigration: Migration = {
  number: 14,
  name: 'difference',
  statements: [
    `create table "difference" (
      "id" integer primary key,
      "accountId" text not null,
      "differenceId" text not null,
      "kind" text not null,
      "scope" text not null,
      "about" text not null,
      "instrumentId" text,
      "ours" text not null,
      "theirs" text not null,
      "firstMs" integer not null,
      "lastMs" integer not null,
      "endedMs" integer,
      "resolution" text,
      "evidence" text not null,
      "fillIdsJson" text not null,
      "explanation" text not null,
      "action" text not null,
      unique ("accountId", "differenceId")
    ) strict`,
    `create index "differenceOpen" on "difference" ("accountId") where "endedMs" is null`,
    'create index "differenceByInstrument" on "difference" ("instrumentId", "id")',
    'create index "fillByInstrument" on "fill" ("instrumentId", "timeMs")',
  ],
};
