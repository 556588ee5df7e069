import { z } from 'zod';

/** What makes a signal. Defaults: `spec.md`'s predecessor values, proven units. */
export const signalSettingsSchema = z.strictObject({
  /** Candles in the RSI window; 14 is Wilder's own choice. */
  rsiLength: z.number().int().min(2).max(100).default(14),
  /** Long entry at or below, RSI points. */
  rsiLongMax: z.number().min(1).max(50).default(29),
  /** Short entry at or above, RSI points. */
  rsiShortMin: z.number().min(50).max(99).default(71),
  /** Candles the trend looks back on. */
  trendLength: z.number().int().min(5).max(200).default(30),
  /** Price change over the window that can make a trend, %. */
  trendChangePct: z.number().min(0.1).max(100).default(7),
  /** Share of closes in the trend's direction that it needs, %. */
  trendSharePct: z.number().min(50).max(100).default(55),
});

export type SignalSettings = z.infer<typeof signalSettingsSchema>;
