import { z } from 'zod';

const swingSchema = z.object({
  /** Candles before the newest closed one. */
  ago: z.number().int(),
  price: z.number(),
  rsi: z.number(),
});

/** What was read around an entry signal when it was judged. */
export const signalReadingsSchema = z
  .object({
    /** `atr` in quote currency, `rate` against what is usual (1). */
    volatility: z.object({ atr: z.number(), atrPct: z.number(), rate: z.number() }).nullable(),
    /** Thresholds as volatility has moved them, RSI points. */
    levels: z.object({ longMax: z.number(), shortMin: z.number() }).nullable(),
    divergence: z.object({
      found: z.boolean(),
      earlier: swingSchema.nullable(),
      later: swingSchema.nullable(),
    }),
    /** Mean volume of 5 candles over that of the 5 before. */
    volumeRate: z.number().nullable(),
    stochRsi: z.object({ k: z.number(), d: z.number() }).nullable(),
    /** Closed candles in a row with RSI at the extreme. */
    extremeCandles: z.number().int(),
    confirmations: z.array(z.enum(['divergence', 'volume', 'stoch-rsi'])).readonly(),
  })
  .meta({ id: 'SignalReadings' });
export type SignalReadingsView = z.infer<typeof signalReadingsSchema>;
