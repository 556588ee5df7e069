import type { Migration } from '../../platform/migration.ts';

/**
 * Every instrument at every close, one row a close: `instruments` is the packed table of `store/close-codec.ts`, whose rows
 * are found by the number of their instrument. Full records move from `decision` to `packedDecision` in the order of
 * their ids and keep them; `packed` is the record deflated with the dictionary of that number. A table of its own,
 * because a row that shrinks leaves its page as empty as it was full.
 */
export const decisionCloseMigration: Migration = {
  number: 4,
  name: 'decision-close',
  statements: [
    `create table "decisionClose" (
      "id" integer primary key,
      "closeTimeMs" integer not null,
      "timeframe" text not null,
      "headJson" text not null,
      "instruments" blob not null,
      unique ("closeTimeMs", "timeframe")
    ) strict`,
    `create table "instrumentNumber" (
      "number" integer primary key,
      "instrumentId" text not null unique
    ) strict`,
    `create table "decisionDictionary" (
      "number" integer primary key autoincrement,
      "madeMs" integer not null,
      "bytes" blob not null
    ) strict`,
    `create table "packedDecision" (
      "id" integer primary key,
      "timeMs" integer not null,
      "instrumentId" text not null,
      "timeframe" text not null,
      "outcome" text not null,
      "signal" text not null,
      "dictionary" integer not null references "decisionDictionary" ("number"),
      "packed" blob not null
    ) strict`,
    'create index "packedDecisionByInstrument" on "packedDecision" ("instrumentId", "id")',
    'create index "packedDecisionByTime" on "packedDecision" ("timeMs")',
    'create index "packedDecisionByOutcome" on "packedDecision" ("outcome", "id")',
  ],
};
