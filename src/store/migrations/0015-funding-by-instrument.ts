import type { Migration } from '../../platform/migration.ts';

/** The funding of one closed position is asked for by its instrument and its time; years of others are not walked through. */
export const fundingByInstrumentMigration: Migration = {
  number: 15,
  name: 'funding-by-instrument',
  statements: [
    'drop index "ledgerFunding"',
    `create index "ledgerFundingByInstrument" on "ledgerMovement" ("accountId", "instrumentId", "timeMs")
      where "kind" = 'funding'`,
  ],
};
