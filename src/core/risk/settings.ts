import { z } from 'zod';

/** How much, and whether. Ceilings here are the product's; configuration may only tighten. */
export const riskSettingsSchema = z.strictObject({
  /** Notional of one entry, USDT; not margin. */
  positionNotionalUsdt: z.number().min(1).max(100_000).default(10),
  /** Set at the exchange and read back before an entry. */
  leverage: z.number().min(1).max(25).default(1),
  /** Positions at once, entries in flight included. */
  positionsMax: z.number().int().min(1).max(50).default(5),
  /** Sum of notionals against equity, %. */
  exposurePctMax: z.number().min(1).max(500).default(100),
});

export type RiskSettings = z.infer<typeof riskSettingsSchema>;
