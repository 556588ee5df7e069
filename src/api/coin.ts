import { z } from 'zod';
import { signalReadingsSchema } from './signal-readings.ts';
import { coinParameter, pageQuerySchema, timeMs } from './wire-values.ts';

export const trendSchema = z.enum(['up', 'down', 'neutral']);
export const directionSchema = z.enum(['long', 'short']);
/** What the market suggests. */
export const signalKindSchema = z.enum(['enter-long', 'enter-short', 'wait']);

/** One row of the scan table. */
export const coinRowSchema = z
  .object({
    symbol: z.string(),
    timeframe: z.string(),
    status: z.enum(['pre-launch', 'trading', 'delivering', 'closed']),
    price: z.number().nullable(),
    change24hPct: z.number().nullable(),
    turnover24h: z.number().nullable(),
    rsi: z.number().nullable(),
    trend: trendSchema.nullable(),
    signal: signalKindSchema,
    /** Codes of the filters that veto an entry now. */
    blockers: z.array(z.string()),
    mature: z.boolean(),
    candles: z.number().int(),
    candleOpenTimeMs: timeMs.nullable(),
    inPosition: directionSchema.nullable(),
  })
  .meta({ id: 'CoinRow' });
export type CoinRow = z.infer<typeof coinRowSchema>;

/** The scan table and how far the first load has come. `version` changes with the data. */
export const coinListSchema = z
  .object({
    version: z.number().int(),
    timeMs,
    timeframe: z.string(),
    progress: z.object({ ready: z.number().int(), failed: z.number().int(), total: z.number().int() }),
    rows: z.array(coinRowSchema),
  })
  .meta({ id: 'CoinList' });
export type CoinList = z.infer<typeof coinListSchema>;

const coinCandleSchema = z
  .object({
    openTimeMs: timeMs,
    open: z.number(),
    high: z.number(),
    low: z.number(),
    close: z.number(),
    volume: z.number(),
  })
  .meta({ id: 'CoinCandle' });

/** How far back: the newest `limit` candles. */
export const coinHistoryQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Closed candles, oldest first. */
export const coinCandlesSchema = z.object({
  symbol: z.string(),
  timeframe: z.string(),
  candles: z.array(coinCandleSchema),
});

/** RSI of closed candles, oldest first; null in warm-up. */
export const coinRsiSchema = z.object({
  symbol: z.string(),
  timeframe: z.string(),
  length: z.number().int(),
  points: z.array(z.object({ openTimeMs: timeMs, rsi: z.number().nullable() })),
});

/** A filter's answer with the numbers it was made of. */
export const verdictSchema = z
  .object({
    filter: z.string(),
    code: z.string(),
    kind: z.enum(['pass', 'veto', 'skipped']),
    value: z.union([z.number(), z.string()]).nullable(),
    threshold: z.union([z.number(), z.string()]).nullable(),
    margin: z.number().nullable(),
    unit: z.string(),
  })
  .meta({ id: 'Verdict' });

/** What came of a look at a coin. */
export const outcomeSchema = z.enum([
  'no-signal',
  'vetoed',
  'candidate',
  'no-slot',
  'refused',
  'ordered',
  'exit-ordered',
  'hold',
]);

/** Why the engine did or did not act on a coin at one moment. */
export const decisionSchema = z
  .object({
    symbol: z.string(),
    timeframe: z.string(),
    timeMs,
    outcome: outcomeSchema,
    signal: z.object({
      kind: signalKindSchema,
      candleOpenTimeMs: timeMs,
      close: z.number(),
      rsi: z.number().nullable(),
      trend: trendSchema.nullable(),
      depth: z.number().nullable(),
    }),
    dataAgeMs: z.number().nullable(),
    /** Without a signal: the direction the verdicts are about, that of the nearer level. Left out at a signal. */
    judgedAs: directionSchema.optional(),
    verdicts: z.array(verdictSchema),
    /** Null without an entry signal, or where nothing around it is asked for. */
    signalReadings: signalReadingsSchema.nullable(),
    /** True when a person asked for the entry whatever the filters say. */
    forced: z.boolean(),
    rank: z.number().int().nullable(),
    slotsFree: z.number().int().nullable(),
    refusal: z
      .object({
        code: z.string(),
        value: z.union([z.number(), z.string()]).nullable(),
        threshold: z.union([z.number(), z.string()]).nullable(),
        detail: z.string(),
      })
      .nullable(),
    clientOrderId: z.string().nullable(),
  })
  .meta({ id: 'Decision' });
export type DecisionView = z.infer<typeof decisionSchema>;

/** What the indicators said besides RSI and trend; null in warm-up, and where the trend is read by the other method. */
const indicatorsSchema = z
  .object({
    emaShort: z.number().nullable(),
    emaLong: z.number().nullable(),
    /** Of the trend by price action: change over its window, and the steps of it that rose and that fell, %. */
    trendChangePct: z.number().nullable(),
    trendRisePct: z.number().nullable(),
    trendFallPct: z.number().nullable(),
    /** Mean true range in % of the close, and how it compares with what is usual: 1. */
    atrPct: z.number().nullable(),
    volatilityRate: z.number().nullable(),
  })
  .meta({ id: 'Indicators' });

/** What a coin was judged by at a close. Numbers that are not whole are good to seven digits. */
const judgedSchema = z
  .object({
    /** Direction the verdicts are about: the signal's, else that of the nearer level; null in warm-up. */
    direction: directionSchema.nullable(),
    indicators: indicatorsSchema,
    /** Every filter, in the order of the chain. */
    verdicts: z.array(verdictSchema),
  })
  .meta({ id: 'Judged' });

/** One coin at one candle close, with or without a signal. */
export const coinCloseSchema = z
  .object({
    symbol: z.string(),
    timeframe: z.string(),
    closeTimeMs: timeMs,
    outcome: outcomeSchema,
    signal: signalKindSchema,
    rsi: z.number().nullable(),
    /** RSI points to the nearer level; zero or less at a signal. Null in warm-up. */
    distance: z.number().nullable(),
    rsiLongMax: z.number(),
    rsiShortMin: z.number(),
    trend: trendSchema.nullable(),
    close: z.number().nullable(),
    turnover24h: z.number().nullable(),
    /** How long after its close the newest candle was decided on. */
    dataAgeMs: z.number().nullable(),
    rank: z.number().int().nullable(),
    inPosition: directionSchema.nullable(),
    /** Every veto in the order of the chain, then what else refused; without a signal, those that stood anyway. */
    blockers: z.array(z.string()),
    /** Left out unless asked for; null where it is not kept any longer, or was not yet. */
    judged: judgedSchema.nullable().optional(),
  })
  .meta({ id: 'CoinClose' });
export type CoinClose = z.infer<typeof coinCloseSchema>;

/** The decision as of now, and what is stored, newest first. */
export const coinDecisionSchema = z.object({
  now: decisionSchema,
  indicators: indicatorsSchema.nullable(),
  /** At an entry signal, whenever what was said of it changed. */
  history: z.array(decisionSchema),
  /** At every close, with every verdict. */
  closes: z.array(coinCloseSchema),
});

/** How many stored decisions to give beside the one of now. */
export const coinDecisionQuerySchema = z.strictObject({
  /** Stored decisions wanted, newest first. */
  history: z.coerce.number().int().min(0).max(200).default(20),
});

/** A page of the recorded decisions of all coins, or of one coin or one outcome. */
export const decisionPageQuerySchema = pageQuerySchema.extend({
  symbol: coinParameter.optional(),
  outcome: outcomeSchema.optional(),
});
