import type { Migration } from '../../platform/migration.ts';

/** Decisions of a rare outcome are found without reading the common ones: that would hold up the trading loop. */
export const decisionByOutcomeMigration: Migration = {
  number: 2,
  name: 'decision-by-outcome',
  statements: ['create index "decisionByOutcome" on "decision" ("outcome", "id")'],
};
