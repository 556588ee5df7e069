import type { CoinTier } from './known-coins.ts';
import type { Liquidity } from './listing.ts';

/** What a tier means for trading. */
export interface CoinTraits {
  /** Size of moves, 1 for ordinary. */
  readonly volatility: number;
  /** Size of pumps and dumps, 1 for ordinary, 0 for none. */
  readonly surgeSize: number;
  /** Quote currency exchanged on an ordinary day. */
  readonly dayTurnover: number;
  readonly leverageMax: number;
  /** Quote currency one market order may reach. */
  readonly marketNotionalMax: number;
  readonly liquidity: Liquidity;
}

const TRAITS: Readonly<Record<CoinTier, CoinTraits>> = {
  major: {
    volatility: 0.5,
    surgeSize: 0.3,
    dayTurnover: 5e9,
    leverageMax: 100,
    marketNotionalMax: 1e7,
    liquidity: { spreadBps: 0.1, topNotional: 250_000, activity: 1 },
  },
  large: {
    volatility: 0.8,
    surgeSize: 0.7,
    dayTurnover: 3e8,
    leverageMax: 75,
    marketNotionalMax: 2e6,
    liquidity: { spreadBps: 1, topNotional: 40_000, activity: 0.8 },
  },
  small: {
    volatility: 1,
    surgeSize: 1,
    dayTurnover: 1.5e7,
    leverageMax: 50,
    marketNotionalMax: 3e5,
    liquidity: { spreadBps: 3, topNotional: 4000, activity: 0.5 },
  },
  tiny: {
    volatility: 1.15,
    surgeSize: 1.1,
    dayTurnover: 2e6,
    leverageMax: 25,
    marketNotionalMax: 5e4,
    liquidity: { spreadBps: 7, topNotional: 900, activity: 0.3 },
  },
  stable: {
    volatility: 0.001,
    surgeSize: 0,
    dayTurnover: 2e7,
    leverageMax: 20,
    marketNotionalMax: 1e6,
    liquidity: { spreadBps: 0.5, topNotional: 60_000, activity: 0.3 },
  },
};

/** The traits of a tier. */
export function coinTraits(tier: CoinTier): CoinTraits {
  return TRAITS[tier];
}
