import { z } from 'zod';
import type { SignalSettings } from '../../core/signal/settings.ts';

/** How pairs of averages are searched and judged. */
export const emaSearchSettingsSchema = z.strictObject({
  /**
   * `volatility`: some 200 pairs, fewer and shorter ones the wilder the instrument, then the surroundings of the best
   * three. `full`: all 20,856 pairs of 5-100 and 50-300: a hundred times as many chances to be lucky.
   */
  grid: z.enum(['volatility', 'full']).default('volatility'),
  /**
   * Which signals a pair lets through. `not-against`: all but those its trend stands against, as the trend filter
   * does. `same-order`: only those whose averages stand in the signal's order, long with the short one above.
   */
  agreement: z.enum(['not-against', 'same-order']).default('not-against'),
  /** Candles a signal is held: from the open after it to the open this many candles later. */
  forwardCandles: z.number().int().min(1).max(200).default(10),
  /** Parts of the later half of the candles; each is judged by a pair chosen on what came before it. */
  folds: z.number().int().min(2).max(10).default(4),
  /** Signals a pair must let through to be chosen or judged. Fewer say nothing of a mean. */
  signalsMin: z.number().int().min(5).max(1000).default(20),
  /** Fee of a market order as a rate of its notional, paid twice; Bybit's for a new account. */
  feeTakerRate: z.number().min(0).max(0.01).default(0.00055),
  /** How much worse than the open both orders fill, basis points. Half a small coin's spread. */
  slippageBps: z.number().min(0).max(500).default(2),
  /** Confidence of the interval that must lie above the baseline, %. */
  confidencePct: z.number().min(50).max(99.9).default(95),
});

export type EmaSearchSettings = z.infer<typeof emaSearchSettingsSchema>;

/** What a search measures, from the settings that trade. The lengths are those of the default pair. */
export type SearchedSignal = Pick<
  SignalSettings,
  | 'rsiLength'
  | 'rsiLongMax'
  | 'rsiShortMin'
  | 'trendConfirmCandles'
  | 'trendEmaShortLength'
  | 'trendEmaLongLength'
>;

/** Everything a result depends on besides the candles. */
export interface EmaSearchRule {
  readonly search: EmaSearchSettings;
  readonly signal: SearchedSignal;
}
