import { z } from 'zod';
import { CEILINGS, type CeilingName, ceilingText } from './ceilings.ts';

/** A bound of the gate: it can be tightened down to `min` and never loosened beyond its ceiling. */
const bound = (name: CeilingName, min: number) =>
  z.number().min(min).max(CEILINGS[name].max, ceilingText(name));

/** How much, and whether. */
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
  leverage: bound('leverage', 1).default(1),
  /** Margin mode the account must be in; read before an entry, never changed: it is the whole account's. */
  marginMode: z.enum(['cross', 'isolated']).default('cross'),
  /** Positions at once, entries in flight included. */
  positionsMax: z.number().int().min(1).max(50).default(5),
  /** Sum of notionals against equity, %. */
  exposurePctMax: bound('exposurePctMax', 1).default(100),
  /** Loss since midnight UTC, open positions included, that ends entries for the day, % of the equity then. */
  dailyLossPctMax: z.number().min(0.1).max(100).default(3),
  /** Loss since the best hour of the last 24, open positions included, that ends entries, % of the equity then. */
  rollingLossPctMax: bound('rollingLossPctMax', 0.1).default(6),
  /** Largest value of one order that enters, USDT, whatever sized it. */
  orderNotionalUsdtMax: bound('orderNotionalUsdtMax', 1).default(100_000),
  /** Largest value of one instrument, held and ordered, after an entry, USDT. */
  instrumentNotionalUsdtMax: bound('instrumentNotionalUsdtMax', 1).default(200_000),
  /** Orders in any second, exits counted; an entry beyond is refused, an exit never. */
  ordersPerSecondMax: bound('ordersPerSecondMax', 1).int().default(10),
  /** Orders in any minute, counted the same way. */
  ordersPerMinuteMax: bound('ordersPerMinuteMax', 1).int().default(120),
  /** Orders of a day in UTC, counted the same way over restarts. */
  ordersPerDayMax: bound('ordersPerDayMax', 1).int().default(2_000),
  /** How far the price of an entry may be from the mark and from the last good price, %. */
  priceBandPctMax: bound('priceBandPctMax', 0.1).default(10),
  /** Minutes without an entry on an instrument after a position on it was closed at a loss; 0 for none. */
  lossWaitMinutes: z.number().min(0).max(10_080).default(1),
});

/** The risk settings, with what must agree between them. */
export const riskSettingsSchema = riskFieldsSchema.refine(
  ({ sizing, positionQuantity }) => sizing !== 'quantity' || positionQuantity !== null,
  { path: ['positionQuantity'], error: 'Sizing by quantity needs positionQuantity, in base units.' },
);

export type RiskSettings = z.infer<typeof riskSettingsSchema>;
