import { decimal } from '../core/base/decimal.ts';
import type { FeeRates } from '../core/matching/account-state.ts';

/** What an account pays and what it has to exchange for it. */
export interface FeeTier {
  readonly level: string;
  readonly rates: FeeRates;
  /** Quote currency exchanged in 30 days that earns the tier. */
  readonly volume30d: number;
}

const row = (level: string, taker: string, maker: string, volume30d: number): FeeTier => ({
  level,
  rates: { taker: decimal(taker), maker: decimal(maker) },
  volume30d,
});

/** Bybit's tiers of perpetual contracts, from none up. */
export const FEE_TIERS: readonly [FeeTier, ...FeeTier[]] = [
  row('No VIP', '0.00055', '0.0002', 0),
  row('VIP-1', '0.0004', '0.00018', 10e6),
  row('VIP-2', '0.000375', '0.00016', 25e6),
  row('VIP-3', '0.00035', '0.00014', 50e6),
  row('VIP-4', '0.00032', '0.00012', 100e6),
  row('VIP-5', '0.00032', '0.0001', 250e6),
  row('VIP-Supreme', '0.0003', '0', 500e6),
];

/** Null for a level there is none of. */
export function feeTierOf(level: string): FeeTier | null {
  return FEE_TIERS.find((tier) => tier.level === level) ?? null;
}

/** The best tier a volume of 30 days earns. */
export function feeTierFor(volume30d: number): FeeTier {
  return FEE_TIERS.findLast((tier) => volume30d >= tier.volume30d) ?? FEE_TIERS[0];
}
