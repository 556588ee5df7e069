import type { InstrumentId } from '../core/domain/instrument.ts';
import type { PriceStretch } from '../core/engine/quiet.ts';
import type { Listed } from './listed.ts';

/** Between what the price of an instrument stays. */
export type PriceBounds = Pick<PriceStretch, 'instrumentId' | 'low' | 'high'>;

/** The account in numbers. */
interface BearingAccount {
  /** Without what is open, USDT. */
  readonly wallet: number;
  readonly listed: (id: InstrumentId) => Pick<Listed, 'held' | 'levels'>;
}

/** How far above its maintenance margin an account is surely not liquidated; the walk looks closely below 1.01. */
const SAFE_RATE = 1.02;

/**
 * True when nothing at the exchange acts while prices stay within bounds: no order is met, and the account bears the
 * worst of all of them together.
 */
export function bears(stretches: readonly PriceBounds[], { wallet, listed }: BearingAccount): boolean {
  let [equity, maintenance] = [wallet, 0];
  for (const { instrumentId, low, high } of stretches) {
    const { held, levels } = listed(instrumentId);
    if (held === null) return false;
    if (levels.some((level) => (level.rising ? high >= level.price : low <= level.price))) return false;
    const worst = held.direction === 'long' ? low : high;
    equity += (worst - held.entryPrice) * held.quantity * held.sign;
    maintenance += high * held.quantity * held.maintenanceRate;
  }
  return equity > maintenance * SAFE_RATE;
}
