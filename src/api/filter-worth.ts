import { z } from 'zod';
import { timeMs } from './wire-values.ts';

/** What blocked entries that were priced, each by itself, prove: wins are those that would have left more money. */
const judged = {
  wins: z.number().int(),
  winRatePct: z.number().nullable(),
  meanSavedUsdt: z.number().nullable(),
  totalSavedUsdt: z.number(),
  /** Of the mean, 95 %; null with too few of them or too short a time. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  blockDays: z.number().int(),
};

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
    ...judged,
  })
  .meta({ id: 'SoloWorth' });

/** Blocked entries, each added alone to what was traded: it may find no room, and keep later entries out. */
const addedWorthSchema = z
  .object({
    entered: z.number().int(),
    /** No slot or no exposure was left: they would have changed nothing. */
    noRoom: z.number().int(),
    /** Entries they would have kept out, and what those made. */
    displaced: z.number().int(),
    displacedPnlUsdt: z.number(),
    ...judged,
  })
  .meta({ id: 'AddedWorth' });

/** What each entry filter saved or lost, as far as it is known now. */
export const heldWorthSchema = z
  .object({
    timeframe: z.string(),
    /** Null before the first judgement. */
    judgedMs: timeMs.nullable(),
    /** Settings it was judged under; null before the first judgement. */
    settingsVersion: z.number().int().nullable(),
    /** True when settings have changed since: what they concern is priced anew. */
    stale: z.boolean(),
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
        /** What it blocked alone, in portfolio. */
        added: addedWorthSchema,
      }),
    ),
  })
  .meta({ id: 'FilterWorth' });
export type HeldWorth = z.infer<typeof heldWorthSchema>;
