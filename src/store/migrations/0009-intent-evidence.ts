import type { Migration } from '../../platform/migration.ts';

/**
 * How the outcome of an order was found out: until when its request could be accepted, what each lookup was told, and
 * when it turned out to be otherwise than concluded. Null in older rows.
 */
export const intentEvidenceMigration: Migration = {
  number: 9,
  name: 'intent-evidence',
  statements: [
    'alter table "intent" add column "validUntilMs" integer',
    'alter table "intent" add column "surpriseMs" integer',
    'create index "intentByInstrument" on "intent" ("instrumentId")',
    'create index "fillByIntent" on "fill" ("clientOrderId")',
    `create table "intentEvidence" (
      "id" integer primary key,
      "clientOrderId" text not null,
      "timeMs" integer not null,
      "kind" text not null,
      "evidenceJson" text not null
    ) strict`,
    'create index "intentEvidenceByIntent" on "intentEvidence" ("clientOrderId", "id")',
  ],
};
