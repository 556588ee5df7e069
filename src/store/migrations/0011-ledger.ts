import type { Migration } from '../../platform/migration.ts';

/**
 * The money of an account by double entry: what the exchange told, once by its id, what each of it was booked as, the
 * balances that follow, and how far it was read.
 */
export const ledgerMigration: Migration = {
  number: 11,
  name: 'ledger',
  statements: [
    `create table "ledgerMovement" (
      "id" integer primary key,
      "accountId" text not null,
      "movementId" text not null,
      "kind" text not null,
      "word" text not null,
      "timeMs" integer not null,
      "instrumentId" text,
      "fillId" text,
      "change" text not null,
      "cashFlow" text,
      "funding" text,
      "fee" text,
      unique ("accountId", "movementId")
    ) strict`,
    'create index "ledgerMovementByTime" on "ledgerMovement" ("accountId", "timeMs", "id")',
    `create table "ledgerPosting" (
      "movement" integer not null references "ledgerMovement" ("id"),
      "part" integer not null,
      "debit" text not null,
      "credit" text not null,
      "amount" text not null,
      primary key ("movement", "part")
    ) strict, without rowid`,
    `create table "ledgerBalance" (
      "accountId" text not null,
      "account" text not null,
      "amount" text not null,
      primary key ("accountId", "account")
    ) strict, without rowid`,
    `create table "ledgerMark" (
      "accountId" text primary key,
      "openedMs" integer not null,
      "readToMs" integer not null,
      "agreedMs" integer not null
    ) strict`,
  ],
};
