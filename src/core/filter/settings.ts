import { z } from 'zod';

const instrumentList = z.array(z.string().regex(/^[A-Z0-9]{2,40}$/)).max(2000);

/** Reasons not to enter. Each group is read by the filter of the same name. */
export const filterSettingsSchema = z.strictObject({
  /** False blocks every entry; exits go on. */
  tradingEnabled: z.boolean().default(true),
  /** `all`: the blacklist blocks. `whitelist`: only its members. `blacklist`: all but its members. */
  scope: z.enum(['all', 'whitelist', 'blacklist']).default('all'),
  whitelist: instrumentList.default([]),
  blacklist: instrumentList.default([]),
  /** No long while the trend is down. Off: an oversold instrument is nearly always in a down trend. */
  avoidDownTrend: z.boolean().default(false),
  /** No short while the trend is up. Off for the mirrored reason. */
  avoidUpTrend: z.boolean().default(false),
  maturityEnabled: z.boolean().default(true),
  /** Closed candles an instrument must have shown. */
  maturityCandlesMin: z.number().int().min(50).max(1000).default(200),
  /** RSI must have been at or below this, RSI points. */
  maturityRsiLowMax: z.number().min(10).max(50).default(35),
  /** RSI must have been at or above this, RSI points. */
  maturityRsiHighMin: z.number().min(50).max(90).default(65),
});

export type FilterSettings = z.infer<typeof filterSettingsSchema>;
