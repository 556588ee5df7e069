import type { Migration } from '../../platform/migration.ts';

/**
 * What the funding of a closed position is told by: whose money it was, by the order that entered where that is known;
 * how what was held changed, execution by execution; what the account held when it was charged.
 */
export const tradeFundingMigration: Migration = {
  number: 13,
  name: 'trade-funding',
  statements: [
    'alter table "trade" add column "accountId" text',
    `update "trade" set "accountId" = (
      select "accountId" from "intent"
      where "intent"."clientOrderId" = substr("trade"."tradeId", 1, instr("trade"."tradeId", '-') - 1)
    )`,
    'create index "tradeByInstrument" on "trade" ("instrumentId", "closedMs")',
    `create table "tradeStep" (
      "tradeId" text not null,
      "part" integer not null,
      "fillId" text,
      "timeMs" integer not null,
      "held" text not null,
      primary key ("tradeId", "part")
    ) strict, without rowid`,
    'alter table "ledgerMovement" add column "heldAfter" text',
    `create index "ledgerFunding" on "ledgerMovement" ("accountId", "timeMs") where "kind" = 'funding'`,
  ],
};
