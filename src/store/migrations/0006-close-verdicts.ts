import type { Migration } from '../../platform/migration.ts';

/**
 * What every instrument of a close was judged by: indicators and all verdicts, packed as `store/verdict-codec.ts` says. A table
 * of its own: what is counted over a year of closes never reads it.
 */
export const closeVerdictsMigration: Migration = {
  number: 6,
  name: 'close-verdicts',
  statements: [
    `create table "closeVerdicts" (
      "closeId" integer primary key references "decisionClose" ("id"),
      "packed" blob not null
    ) strict`,
  ],
};
