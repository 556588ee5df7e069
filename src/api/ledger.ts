import { z } from 'zod';
import { coinParameter, decimalText, pageOf, pageQuerySchema, timeMs } from './wire-values.ts';

/** One change of the wallet as the exchange told it, with what it was booked as. */
export const ledgerEntrySchema = z
  .object({
    /** The exchange's own; `opening` for what was there before. */
    id: z.string(),
    timeMs,
    kind: z.string(),
    /** The exchange's word for it. */
    word: z.string(),
    symbol: z.string().nullable(),
    fillId: z.string().nullable(),
    /** What the wallet changed by. */
    change: decimalText,
    /** Each moves its amount, above zero, from `credit` to `debit`. */
    postings: z.array(z.object({ debit: z.string(), credit: z.string(), amount: decimalText })),
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerEntryView = z.infer<typeof ledgerEntrySchema>;

/** Where the books stand. Money in USDT. */
export const ledgerStandingSchema = z
  .object({
    /** What was before is in the opening balance. */
    openedMs: timeMs,
    /** Until when, by the exchange's clock, its list was read. */
    readToMs: timeMs,
    /** What each account has been given, less what was taken from it; together they are 0. */
    accounts: z.array(z.object({ account: z.string(), balance: decimalText })),
    /** The newest comparison with the wallet; null: none since the start of the service. */
    comparison: z
      .object({ asOfMs: timeMs, ledger: decimalText, exchange: decimalText, drift: decimalText })
      .nullable(),
    /** When both were last seen to be equal; null: never. */
    agreedMs: timeMs.nullable(),
    /** Why the books could not be kept at the last try; null: they could. */
    fault: z.string().nullable(),
  })
  .meta({ id: 'LedgerStanding' });
export type LedgerStandingView = z.infer<typeof ledgerStandingSchema>;

/** A page of entries; `standing` is null before the ledger is opened, within a minute of the first start. */
export const ledgerSchema = pageOf(ledgerEntrySchema).extend({ standing: ledgerStandingSchema.nullable() });

/** Which entries. */
export const ledgerQuerySchema = pageQuerySchema.extend({ symbol: coinParameter.optional() });
