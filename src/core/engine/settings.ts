import { z } from 'zod';
import { TIMEFRAMES } from '../domain/timeframe.ts';
import { filterSettingsSchema } from '../filter/settings.ts';
import { exitSettingsSchema } from '../position/settings.ts';
import { riskSettingsSchema } from '../risk/settings.ts';
import { signalSettingsSchema } from '../signal/settings.ts';

/** Everything a person can set about trading. Each group stands beside the code that reads it. */
export const tradingSettingsSchema = z.strictObject({
  /** Timeframe of signals; open positions keep their own. */
  timeframe: z.enum(TIMEFRAMES).default('6h'),
  signal: signalSettingsSchema.prefault({}),
  filter: filterSettingsSchema.prefault({}),
  risk: riskSettingsSchema.prefault({}),
  exit: exitSettingsSchema.prefault({}),
});

export type TradingSettings = z.infer<typeof tradingSettingsSchema>;

/** The shipped defaults. */
export const DEFAULT_TRADING_SETTINGS: TradingSettings = tradingSettingsSchema.parse({});
