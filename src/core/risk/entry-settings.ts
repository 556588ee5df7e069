import { z } from 'zod';

/** One order of a ladder. */
const rungSchema = z.strictObject({
  /** How far from the price of the decision, on the side of a better entry, %; 0: a market order. */
  offsetPct: z.number().min(0).max(50),
  /** Its part of the value of the whole entry, in proportion to the other rungs'. */
  weight: z.number().min(0.001).max(1_000_000),
});

/** A rung as it is set. */
export type RungSettings = z.infer<typeof rungSchema>;

const DEFAULT_OFFSETS_PCT = [1, 3, 5, 7, 10];

/** How an entry is ordered. */
const entryFieldsSchema = z.strictObject({
  /**
   * `market`: one order at once. `ladder`: the size of the entry is split over the limit orders of `rungs`; each must
   * be worth the smallest order (often 5 USDT), so the sizes as shipped are too small for five rungs.
   */
  entryMethod: z.enum(['market', 'ladder']).default('market'),
  /** `{offsetPct, weight}` each, nearest first; an offset of 0, as the first, is a market order. Weights share the value. */
  rungs: z
    .array(rungSchema)
    .min(1)
    .max(10)
    .default(DEFAULT_OFFSETS_PCT.map((offsetPct) => ({ offsetPct, weight: 1 }))),
  /** True: a rung the price has passed already is not filled at once but taken back, and pays no taker fee. */
  rungsPostOnly: z.boolean().default(false),
  /** Candles after the signal's in which rungs may fill; null for any number. An extreme older than a day and a half is another one. */
  rungsLifeCandles: z.number().int().min(1).max(1000).nullable().default(6),
  /** Minutes in which rungs may fill, whichever limit is reached first; null for any number. */
  rungsLifeMinutes: z.number().min(1).max(100_000).nullable().default(null),
  /** RSI of a closed candle above which the rest of a long's ladder is taken back: the extreme is over. */
  rungsRsiLongMax: z.number().min(1).max(99).default(35),
  /** RSI below which the rest of a short's ladder is taken back. The mirror. */
  rungsRsiShortMin: z.number().min(1).max(99).default(65),
});

/** The entry settings, with what must agree between them. */
export const entrySettingsSchema = entryFieldsSchema.refine(({ rungs }) => isAscending(rungs), {
  path: ['rungs'],
  error: 'Rungs go from the nearest to the farthest, each offset once.',
});

export type EntrySettings = z.infer<typeof entrySettingsSchema>;

function isAscending(rungs: readonly RungSettings[]): boolean {
  return rungs.every(({ offsetPct }, index) => offsetPct > (rungs[index - 1]?.offsetPct ?? -1));
}
