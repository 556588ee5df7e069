import { rng, seedOf } from '../../core/base/rng.ts';
import type { TabledInstrument } from './instrument-table.ts';
import { type Coin, type CoinTier, KNOWN_COINS } from './known-coins.ts';

/** Least leverage that makes a tier: exchanges give the liquid contracts more. */
const TIERS: readonly (readonly [leverage: number, tier: CoinTier])[] = [
  [100, 'major'],
  [66, 'large'],
  [50, 'small'],
];
/** Powers of ten of ticks in a price: four to five digits. */
const TICKS_MIN = 3.3;
const TICKS_SPAN = 1.4;

/** What a contract of a table is like: a table states rules, but no price and no turnover. */
export function tabledCoin(seed: number, instrument: TabledInstrument): Coin {
  const exchangeBase = instrument.listedAs?.baseCoin ?? instrument.base;
  const known = KNOWN_COINS.find((coin) => coin.exchangeBase === exchangeBase);
  const tick = instrument.tickSize.toNumber();
  const tier = TIERS.find(([leverage]) => instrument.leverageMax >= leverage)?.[1] ?? 'tiny';
  if (known !== undefined && known.anchorPrice > tick * 100) {
    return { exchangeBase, anchorPrice: known.anchorPrice, tier: known.tier };
  }
  const drawn = rng(seedOf(seed, instrument.exchangeSymbol, 'price')).next();
  const ticks = Math.round(10 ** (TICKS_MIN + TICKS_SPAN * drawn));
  return { exchangeBase, anchorPrice: ticks * tick, tier };
}
