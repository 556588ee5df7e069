import type { Migration } from '../../platform/migration.ts';

/** How long a closed position was held without a confirmed stop, ms; null for one from before it was measured. */
export const tradeProtectionMigration: Migration = {
  number: 10,
  name: 'trade-protection',
  statements: [`alter table "trade" add column "unprotectedMs" integer`],
};
