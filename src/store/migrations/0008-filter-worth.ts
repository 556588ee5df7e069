import type { Migration } from '../../platform/migration.ts';

/**
 * Blocked entries with the trades that would have followed, so that a start goes on from them, and what was judged of the
 * filters last, one row a timeframe.
 */
export const filterWorthMigration: Migration = {
  number: 8,
  name: 'filter-worth',
  statements: [
    `create table "blockedTrade" (
      "instrumentId" text not null,
      "timeframe" text not null,
      "timeMs" integer not null,
      "direction" text not null,
      "filtersJson" text not null,
      "settingsHash" text not null,
      "pricedMs" integer not null,
      "tradeJson" text,
      primary key ("timeframe", "timeMs", "instrumentId")
    ) strict, without rowid`,
    `create table "filterWorth" (
      "timeframe" text primary key,
      "judgedMs" integer not null,
      "settingsVersion" integer not null,
      "format" integer not null,
      "worthJson" text not null
    ) strict, without rowid`,
  ],
};
