import type { Migration } from '../../platform/migration.ts';

/** What we remember of trading. Column names are those of the port's rows; times integer ms, money text. */
export const tradingMigration: Migration = {
  number: 1,
  name: 'trading',
  statements: [
    `create table "accountEpoch" (
      "accountId" text primary key,
      "epoch" integer not null check ("epoch" > 0),
      "takenMs" integer not null
    ) strict`,
    `create table "intent" (
      "clientOrderId" text primary key,
      "accountId" text not null,
      "instrumentId" text not null,
      "side" text not null,
      "direction" text not null,
      "purpose" text not null,
      "quantity" text not null,
      "reduceOnly" integer not null check ("reduceOnly" in (0, 1)),
      "stopPrice" text,
      "takeProfitPrice" text,
      "state" text not null check ("state" in
        ('prepared', 'accepted', 'filled', 'cancelled', 'rejected', 'not-placed', 'unknown')),
      "detail" text not null,
      "createdMs" integer not null,
      "updatedMs" integer not null
    ) strict`,
    'create index "intentByState" on "intent" ("state", "createdMs")',
    `create table "fill" (
      "fillId" text primary key,
      "clientOrderId" text,
      "exchangeOrderId" text not null,
      "instrumentId" text not null,
      "side" text not null,
      "price" text not null,
      "quantity" text not null,
      "fee" text not null,
      "maker" integer not null check ("maker" in (0, 1)),
      "cause" text not null,
      "timeMs" integer not null
    ) strict`,
    'create index "fillByTime" on "fill" ("timeMs")',
    `create table "tradingState" (
      "accountId" text primary key,
      "stateJson" text not null,
      "savedMs" integer not null
    ) strict`,
    `create table "trade" (
      "id" integer primary key autoincrement,
      "tradeId" text not null unique,
      "instrumentId" text not null,
      "direction" text not null,
      "timeframe" text not null,
      "quantity" text not null,
      "entryPrice" text not null,
      "exitPrice" text not null,
      "grossPnl" text not null,
      "fees" text not null,
      "pnl" text not null,
      "openedMs" integer not null,
      "closedMs" integer not null,
      "entryTrend" text not null,
      "entryRsi" real,
      "exitReason" text not null
    ) strict`,
    'create index "tradeByClose" on "trade" ("closedMs", "id")',
    `create table "event" (
      "id" integer primary key autoincrement,
      "timeMs" integer not null,
      "severity" text not null check ("severity" in ('info', 'warning', 'critical')),
      "code" text not null,
      "instrumentId" text,
      "message" text not null,
      "detailJson" text not null
    ) strict`,
    'create index "eventByInstrument" on "event" ("instrumentId", "id")',
    'create index "eventByTime" on "event" ("timeMs")',
    `create table "decision" (
      "id" integer primary key autoincrement,
      "timeMs" integer not null,
      "instrumentId" text not null,
      "timeframe" text not null,
      "outcome" text not null,
      "signal" text not null,
      "recordJson" text not null
    ) strict`,
    'create index "decisionByInstrument" on "decision" ("instrumentId", "id")',
    'create index "decisionByTime" on "decision" ("timeMs")',
    `create table "settings" (
      "version" integer primary key autoincrement,
      "settingsJson" text not null,
      "author" text not null,
      "reason" text not null,
      "createdMs" integer not null
    ) strict`,
  ],
};
