import { z } from 'zod';
import {
  coinCloseSchema,
  directionSchema,
  outcomeSchema,
  signalKindSchema,
  trendSchema,
  verdictSchema,
} from './coin.ts';
import { coinParameter, pageQuerySchema, timeMs } from './wire-values.ts';

/** What stood against an entry: the code, and how often. A look is one coin at one close. */
const blockerCountSchema = z
  .object({
    code: z.string(),
    looks: z.number().int(),
    /** Looks with an entry signal. */
    signals: z.number().int(),
    /** Looks with an entry signal that nothing else stood against. */
    alone: z.number().int(),
  })
  .meta({ id: 'BlockerCount' });

/** Looks by what came of them. */
const outcomeCountsSchema = z.record(z.string(), z.number().int());

/** Which closes of a coin, and whether with every verdict. */
export const coinClosesQuerySchema = pageQuerySchema.extend({
  verdicts: z.enum(['true', 'false']).default('false'),
});

/** Whose blockers to count, and how far back. */
export const blockersQuerySchema = z.strictObject({
  symbol: coinParameter.optional(),
  days: z.coerce.number().int().min(1).max(366).default(30),
});

/** What stood in the way over some days, of one coin or of all. */
export const blockersSchema = z
  .object({
    symbol: z.string().nullable(),
    fromMs: timeMs,
    closes: z.number().int(),
    looks: z.number().int(),
    signals: z.number().int(),
    outcomes: outcomeCountsSchema,
    blockers: z.array(blockerCountSchema),
  })
  .meta({ id: 'Blockers' });

/** One coin for which something is otherwise than a close before; null: it was not there. */
const coinChangeSchema = z
  .object({
    symbol: z.string(),
    before: coinCloseSchema.nullable(),
    now: coinCloseSchema.nullable(),
    /** Blockers there were not before. */
    appeared: z.array(z.string()),
    /** Blockers there are no longer. */
    gone: z.array(z.string()),
  })
  .meta({ id: 'CoinChange' });

/** What changed between the two newest closes of a timeframe: outcome, signal, or what stands in the way. */
export const changesSchema = z
  .object({
    timeframe: z.string().nullable(),
    /** Null before the first recorded close. */
    closeTimeMs: timeMs.nullable(),
    /** Null before the second. */
    beforeMs: timeMs.nullable(),
    coins: z.array(coinChangeSchema),
  })
  .meta({ id: 'DecisionChanges' });
export type DecisionChanges = z.infer<typeof changesSchema>;

/** Which close: the newest that ended at `untilMs` or before, the newest of all without it. */
export const funnelQuerySchema = z.strictObject({ untilMs: z.coerce.number().int().min(0).optional() });

/** How many coins came how far at one close. */
const closeFunnelSchema = z.object({
  timeframe: z.string(),
  closeTimeMs: timeMs,
  account: z.object({
    autoBotEnabled: z.boolean(),
    entriesAllowed: z.boolean(),
    entriesReason: z.string(),
    slotsMax: z.number().int(),
    slotsUsed: z.number().int(),
    equity: z.number().nullable(),
    /** Notional of what is held or on its way, USDT. */
    exposure: z.number(),
    settingsVersion: z.number().int(),
  }),
  /** In order; each counts the coins that also came through those before it. */
  stages: z.array(
    z.object({
      stage: z.enum(['known', 'fresh', 'warm', 'signal', 'unfiltered', 'admitted', 'ordered']),
      coins: z.number().int(),
    }),
  ),
  outcomes: outcomeCountsSchema,
  blockers: z.array(blockerCountSchema),
});

/** Null before the first recorded close. */
export const funnelSchema = z.object({ close: closeFunnelSchema.nullable() }).meta({ id: 'DecisionFunnel' });
export type DecisionFunnel = z.infer<typeof funnelSchema>;

/** How many candidates are wanted. */
export const candidatesQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** A coin near an entry: how near, and all that would stand against it. */
const candidateSchema = z
  .object({
    symbol: z.string(),
    /** Direction of the nearer level. */
    direction: directionSchema,
    rsi: z.number(),
    /** The nearer level, RSI points. */
    level: z.number(),
    /** RSI points to the level; zero or less at a signal. */
    distance: z.number(),
    signal: signalKindSchema,
    trend: trendSchema.nullable(),
    close: z.number(),
    turnover24h: z.number().nullable(),
    dataAgeMs: z.number().nullable(),
    outcome: outcomeSchema,
    /** Vetoes against an entry in that direction now, each with its margin; judged as if it were at the signal. */
    blockers: z.array(verdictSchema),
    /** What else refuses it; null when nothing does. */
    refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'Candidate' });

/** The coins closest to an entry now, nearest first. */
export const candidatesSchema = z.object({ timeMs, rows: z.array(candidateSchema) });
