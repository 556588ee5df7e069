import { z } from 'zod';

/** RSI points. */
const lowRsi = z.number().min(1).max(50);
const highRsi = z.number().min(50).max(99);
/** How far a level moves, RSI points. */
const rsiShift = z.number().min(0).max(20);

/**
 * What makes a signal: RSI at an extreme, the trend it happens in, and what must speak for it besides. Every part
 * can only say no: none makes a signal of a candle whose RSI is not at its threshold.
 */
export const signalSettingsSchema = z
  .strictObject({
    /** Candles in the RSI window; 14 is Wilder's own choice. */
    rsiLength: z.number().int().min(2).max(100).default(14),
    /** Long entry at or below, RSI points. 29 stays clear of the 30 that every chart marks. */
    rsiLongMax: lowRsi.default(29),
    /** Short entry at or above, RSI points. The mirror of the long threshold. */
    rsiShortMin: highRsi.default(71),

    /** `price-action`: change and share of closes. `ema-pair`: two averages. The first needs a seventh of the history. */
    trendMethod: z.enum(['price-action', 'ema-pair']).default('price-action'),
    /** Candles the price-action trend looks back on: a week of 6-hour candles. */
    trendLength: z.number().int().min(5).max(200).default(30),
    /** Price change over the window that can make a trend, %. Less is what a quiet week moves. */
    trendChangePct: z.number().min(0.1).max(100).default(7),
    /** Share of steps in the trend's direction that it needs, %. A strong trend shows 55 to 62, almost none 70. */
    trendSharePct: z.number().min(50).max(100).default(55),
    /** Candles of the short average; must be below the long one. 50 and 200 are the pair everyone watches. */
    trendEmaShortLength: z.number().int().min(2).max(500).default(50),
    /** Candles of the long average. The trend is known 50 candles after it, 210 at the earliest. */
    trendEmaLongLength: z.number().int().min(3).max(500).default(200),
    /** True lets a search that found a better pair for an instrument set its two lengths; evidence is kept beside it. */
    trendEmaSearched: z.boolean().default(true),
    /** Newest closes that must all lie beyond the long average: one close across it is noise. */
    trendConfirmCandles: z.number().int().min(1).max(20).default(3),

    /** True lets volatility move the thresholds before an entry. */
    adaptiveEnabled: z.boolean().default(true),
    /** Volatility against its own mean above which thresholds become stricter, ratio. 1 is usual. */
    adaptiveHighVolatilityRate: z.number().min(1).max(10).default(1.5),
    /** Volatility against its own mean below which thresholds become laxer, ratio. */
    adaptiveLowVolatilityRate: z.number().min(0.1).max(1).default(0.7),
    /** How much stricter in high volatility, RSI points: price overshoots further before it turns. */
    adaptiveStricterRsi: rsiShift.default(5),
    /** How much laxer in low volatility, RSI points. Widens the margin alone: the base threshold still holds. */
    adaptiveLaxerRsi: rsiShift.default(3),

    /** True asks for confirmation of the base signal before an entry. */
    confirmEnabled: z.boolean().default(true),
    /** True: no entry without a divergence that agrees. Off: one is rare, and few entries would be left. */
    confirmDivergenceRequired: z.boolean().default(false),
    /** True lets rising volume count as a confirmation. */
    confirmVolumeCounted: z.boolean().default(true),
    /** True lets StochRSI at its own extreme count as a confirmation. */
    confirmStochRsiCounted: z.boolean().default(true),
    /** An RSI at or below this is extreme, RSI points. Also where adaptive levels stop becoming stricter. */
    rsiExtremeLow: lowRsi.default(20),
    /** An RSI at or above this is extreme, RSI points. The mirror. */
    rsiExtremeHigh: highRsi.default(80),
    /** Candles in a row at an extreme after which one confirmation more is asked for: a fall that does not stop. */
    rsiExtremeCandlesMax: z.number().int().min(1).max(50).default(3),
    /** The mean volume of 5 candles must exceed that of the 5 before by this factor to count. */
    volumeConfirmMultiple: z.number().min(1).max(10).default(1.2),
    /** StochRSI K below this confirms a long, above its mirror (100 less it) a short, 0..100. */
    stochRsiExtremeMax: z.number().min(1).max(50).default(20),
    /** Newest candles in which the two swings of a divergence lie; older ones have had their effect. */
    divergenceCandles: z.number().int().min(5).max(20).default(10),
    /** Candles on both sides that a swing must stand out from; the later ones also confirm it. */
    divergenceWingCandles: z.number().int().min(1).max(5).default(1),
    /** How far RSI must turn against price between the swings, RSI points: less is rounding of the eye. */
    divergenceRsiMin: z.number().min(0).max(20).default(1),
  })
  .refine((settings) => settings.trendEmaShortLength < settings.trendEmaLongLength, {
    path: ['trendEmaShortLength'],
    error: 'The short average must look back on fewer candles than the long one (trendEmaLongLength).',
  });

export type SignalSettings = z.infer<typeof signalSettingsSchema>;
