import { z } from 'zod';

/** How much, and whether. Ceilings here are the product's; configuration may only tighten. */
const riskFieldsSchema = z.strictObject({
  /** What the size of an entry is computed from; each way reads the setting of its name below. */
  sizing: z.enum(['notional', 'equity', 'quantity', 'risk']).default('notional'),
  /** `notional`: value of one entry, USDT; not margin. 10 is above every exchange's smallest order. */
  positionNotionalUsdt: z.number().min(1).max(100_000).default(10),
  /** `equity`: value of one entry, % of equity; not margin. */
  positionEquityPct: z.number().min(0.01).max(100).default(1),
  /** `quantity`: size of one entry in base units; null for none. It means another amount of money on each coin. */
  positionQuantity: z.number().positive().max(1e12).nullable().default(null),
  /** `risk`: what one entry may lose at its stop, fees of both ways included, % of equity. */
  positionRiskPct: z.number().min(0.01).max(10).default(1),
  /** Fee of a market order, % of its value, to reckon with before the first fill. Bybit's lowest tier pays 0.055. */
  takerFeePct: z.number().min(0).max(1).default(0.055),
  /** Set at the exchange and read back before an entry. */
  leverage: z.number().min(1).max(25).default(1),
  /** Margin mode the account must be in; read before an entry, never changed: it is the whole account's. */
  marginMode: z.enum(['cross', 'isolated']).default('cross'),
  /** Positions at once, entries in flight included. */
  positionsMax: z.number().int().min(1).max(50).default(5),
  /** Sum of notionals against equity, %. */
  exposurePctMax: z.number().min(1).max(500).default(100),
  /** Loss since midnight UTC, open positions included, that ends entries for the day, % of the equity then. */
  dailyLossPctMax: z.number().min(0.1).max(100).default(3),
});

/** The risk settings, with what must agree between them. */
export const riskSettingsSchema = riskFieldsSchema.refine(
  ({ sizing, positionQuantity }) => sizing !== 'quantity' || positionQuantity !== null,
  { path: ['positionQuantity'], error: 'Sizing by quantity needs positionQuantity, in base units.' },
);

export type RiskSettings = z.infer<typeof riskSettingsSchema>;
