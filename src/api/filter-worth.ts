import { z } from 'zod';
import { timeMs } from './wire-values.ts';

/** Blocked entries, each traded alone; positive money was saved by the filter. */
const soloWorthSchema = z
  .object({
    candidates: z.number().int(),
    trades: z.number().int(),
    /** Came while the trade of an earlier one would have lasted. */
    overlapping: z.number().int(),
    /** Could not have been entered. */
    unpriced: z.number().int(),
    /** Not at their end yet, taken at the last price. */
    open: z.number().int(),
    wins: z.number().int(),
    winRatePct: z.number().nullable(),
    meanSavedUsdt: z.number().nullable(),
    totalSavedUsdt: z.number(),
    /** Of the mean, 95 %; null with too few trades or too short a time. */
    interval: z.object({ low: z.number(), high: z.number() }).nullable(),
    blockDays: z.number().int(),
  })
  .meta({ id: 'SoloWorth' });

/** What each entry filter saved or lost, as far as it is known now. */
export const heldWorthSchema = z
  .object({
    timeframe: z.string(),
    /** Null before the first judgement. */
    judgedMs: timeMs.nullable(),
    /** Blocked entries judged, and those still to be priced. */
    blocked: z.number().int(),
    pending: z.number().int(),
    sinceMs: timeMs.nullable(),
    filters: z.array(
      z.object({
        filter: z.string(),
        /** Of what it blocked alone. */
        verdict: z.enum(['saves', 'costs', 'unclear', 'not-enough-data']),
        alone: soloWorthSchema,
        shared: soloWorthSchema,
      }),
    ),
  })
  .meta({ id: 'FilterWorth' });
export type HeldWorth = z.infer<typeof heldWorthSchema>;
