import { z } from 'zod';
import { PATH_ORDERS } from './path-order.ts';

/** What the simulated account starts with and pays, and how prices move inside a candle. */
export const backtestOptionsSchema = z.strictObject({
  /** Wallet at the start, USDT; what the demo starts with. */
  equityUsdt: z.number().min(10).max(1e9).default(10_000),
  /** Fee of a market order as a rate of its notional; Bybit's for a new account. */
  feeTakerRate: z.number().min(0).max(0.01).default(0.00055),
  /** Fee of a resting order that is filled; a rebate is negative. Bybit's for a new account. */
  feeMakerRate: z.number().min(-0.001).max(0.01).default(0.0002),
  /** How much worse than the price of the moment a market order fills, basis points. Half a small coin's spread. */
  slippageBps: z.number().min(0).max(500).default(2),
  /**
   * `adverse-first`: a position meets its bad extreme before its good one, so that no result rests on luck inside
   * a candle. `favourable-first`: the other bound. `seeded`: a throw of the seed's dice for each candle.
   */
  path: z.enum(PATH_ORDERS).default('adverse-first'),
  /** Largest step of the price between two looks of the exit rules, % of the price. */
  pathStepPct: z.number().min(0.05).max(10).default(0.5),
  /** Of the dice of a seeded path. */
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
});

export type BacktestOptions = z.infer<typeof backtestOptionsSchema>;
