import { z } from 'zod';

/** When a position ends. Percentages are plain price moves from the entry, without leverage. */
export const exitSettingsSchema = z.strictObject({
  /** Loss that closes, % of the entry price. */
  stopLossPct: z.number().min(0.1).max(50).default(15),
  /** Profit that closes, % of the entry price; null for none. */
  takeProfitPct: z.number().min(0.1).max(1000).nullable().default(50),
  /** RSI that closes a long entered in an up trend. */
  rsiExitLongWithTrend: z.number().min(50).max(99).default(65),
  /** RSI that closes any other long. */
  rsiExitLongAgainstTrend: z.number().min(50).max(99).default(60),
  /** RSI that closes a short entered in a down trend. */
  rsiExitShortWithTrend: z.number().min(1).max(50).default(35),
  /** RSI that closes any other short. */
  rsiExitShortAgainstTrend: z.number().min(1).max(50).default(40),
});

export type ExitSettings = z.infer<typeof exitSettingsSchema>;
