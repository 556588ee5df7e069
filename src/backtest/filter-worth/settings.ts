import { z } from 'zod';

/** When the worth of a filter counts as known. */
export const worthSettingsSchema = z.strictObject({
  /** Priced trades below which nothing is said: one more winner would still turn the mean around. */
  tradesMin: z.number().int().min(10).max(10_000).default(30),
  /**
   * Shortest block of time that is drawn as a whole, days. Coins fall and rise together, and a wave of signals lasts
   * some days. Blocks grow to what nine of ten trades lasted.
   */
  blockDaysMin: z.number().int().min(1).max(90).default(7),
  /** Confidence of an interval, %. */
  confidencePct: z.number().min(50).max(99.9).default(95),
  /** Of the resamples: the same seed gives the same interval. */
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});

export type WorthSettings = z.infer<typeof worthSettingsSchema>;
