import { type Rng, rng, seedOf } from '../../core/base/rng.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import { MINUTE_MS } from './candle-tree.ts';
import { coinInstrument, stepFor, tickFor } from './coin-instrument.ts';
import { coinList } from './coin-list.ts';
import { coinTraits } from './coin-traits.ts';
import { DailyGuide } from './daily-guide.ts';
import { gridCount, gridOf, gridValue } from './grid.ts';
import type { TabledInstrument } from './instrument-table.ts';
import type { Coin } from './known-coins.ts';
import { ListedMarket } from './listed-market.ts';
import { Listing } from './listing.ts';
import { MarketFactor } from './market-factor.ts';
import { type CandleScale, type MarketScale, marketScale, type SurgeScale } from './market-scale.ts';
import type { MarketSource } from './market-source.ts';
import { SyntheticTree } from './synthetic-tree.ts';
import { tabledCoin } from './tabled-coin.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Ordinary instruments are listed this many days before the market's start, at least and at most. */
const AGE_DAYS_MIN = 200;
const AGE_DAYS_MAX = 1800;
/** The last two instruments are young: too short a history for rules that ask for a long one. */
const YOUNG_MINUTES: readonly number[] = [95, 40];
/** Funding every 8 hours for most; hours and up to which share of instruments for the others. */
const FUNDING_HOURS: readonly (readonly [share: number, hours: number])[] = [
  [0.01, 1],
  [0.03, 2],
  [0.15, 4],
];
const FUNDING_HOURS_USUAL = 8;

export interface SyntheticOptions {
  readonly seed: number;
  /** Known names first, then invented ones. Default 600. */
  readonly instrumentCount?: number;
  /** Now. Prices do not depend on it, only the launch times of the youngest instruments do. */
  readonly startMs: number;
  /** `demo`: a minute moves like a real 6-hour candle. `real`: like a real minute. */
  readonly candleScale: CandleScale;
}

interface Market {
  readonly seed: number;
  readonly startMs: number;
  readonly factor: MarketFactor;
  readonly scale: MarketScale;
}

/**
 * An invented market of perpetuals, known at every second of every day from its seed alone: two markets
 * of the same seed agree, whenever they were started. Nothing is stored; candles are made when asked for.
 */
export function syntheticMarket(options: SyntheticOptions): MarketSource {
  const { seed, startMs, candleScale, instrumentCount = 600 } = options;
  const market = { seed, startMs, factor: new MarketFactor(seed), scale: marketScale(candleScale) };
  const coins = coinList(seed, instrumentCount);
  const listings = coins.map((coin, index) => listingOf(market, coin, coins.length - 1 - index));
  return new ListedMarket({ name: `synthetic market (${candleScale})`, startMs, listings, endMs: null });
}

/**
 * An invented market of the contracts of a table: their names, rules and ages, and prices that suit their ticks.
 */
export function tabledMarket(
  options: Omit<SyntheticOptions, 'instrumentCount'> & { readonly table: readonly TabledInstrument[] },
): MarketSource {
  const { seed, startMs, candleScale, table } = options;
  const market = { seed, startMs, factor: new MarketFactor(seed), scale: marketScale(candleScale) };
  const listings = table.map((instrument) => {
    const coin = tabledCoin(seed, instrument);
    const random = rng(seedOf(seedOf(seed, instrument.exchangeSymbol), 'listing'));
    return quotedListing(market, coin, { instrument, random, key: instrument.exchangeSymbol });
  });
  return new ListedMarket({
    name: `synthetic market of a table (${candleScale})`,
    startMs,
    listings,
    endMs: null,
  });
}

function listingOf(market: Market, coin: Coin, fromLast: number): Listing {
  const traits = coinTraits(coin.tier);
  const seed = seedOf(market.seed, coin.exchangeBase);
  const random = rng(seedOf(seed, 'listing'));
  const invented = coin.tier === 'tiny' || coin.tier === 'small';
  const youngMinutes = invented ? YOUNG_MINUTES[fromLast] : undefined;
  const launchTimeMs = launchTime(market.startMs, random.next(), youngMinutes);
  const instrument = coinInstrument({
    exchangeBase: coin.exchangeBase,
    tickSize: tickFor(coin.anchorPrice),
    quantityStep: stepFor(coin.anchorPrice),
    price: coin.anchorPrice,
    leverageMax: traits.leverageMax,
    marketNotionalMax: traits.marketNotionalMax,
    launchTimeMs,
    fundingIntervalMs: fundingHours(random.next()) * HOUR_MS,
  });
  return quotedListing(market, coin, { instrument, random, key: coin.exchangeBase });
}

/** Prices, volumes and spreads for an instrument, from what the coin is like. */
function quotedListing(
  market: Market,
  coin: Coin,
  {
    instrument,
    random,
    key,
  }: { readonly instrument: Instrument; readonly random: Rng; readonly key: string },
): Listing {
  const traits = coinTraits(coin.tier);
  const seed = seedOf(market.seed, key);
  const volatility = traits.volatility * (0.85 + 0.3 * random.next());
  const quantityUnit = gridValue(gridOf(instrument.quantityStep), 1);
  const dayTurnover = traits.dayTurnover * Math.exp(0.6 * random.normal());
  const tree = new SyntheticTree({
    seed,
    guide: new DailyGuide({ seed, factor: market.factor, scale: market.scale, volatility }),
    factor: market.factor,
    scale: market.scale,
    surges: surgesOf(market.scale, traits.surgeSize),
    anchorTicks: gridCount(gridOf(instrument.tickSize), coin.anchorPrice),
    daySteps: dayTurnover / (coin.anchorPrice * quantityUnit),
    activity: traits.liquidity.activity,
  });
  const firstMinute = Math.floor(instrument.launchTimeMs / MINUTE_MS);
  return new Listing({ instrument, tree, liquidity: traits.liquidity, seed, firstMinute });
}

function fundingHours(drawn: number): number {
  return FUNDING_HOURS.find(([share]) => drawn < share)?.[1] ?? FUNDING_HOURS_USUAL;
}

function surgesOf({ surge }: MarketScale, size: number): SurgeScale | null {
  if (size === 0) return null;
  return { ...surge, depthMin: surge.depthMin * size, depthMax: surge.depthMax * size };
}

/** Aligned to the hour, or to the minute for a young instrument. */
function launchTime(startMs: number, drawn: number, youngMinutes: number | undefined): number {
  if (youngMinutes !== undefined) {
    return Math.floor(startMs / MINUTE_MS) * MINUTE_MS - youngMinutes * MINUTE_MS;
  }
  const days = AGE_DAYS_MIN + Math.floor(drawn * (AGE_DAYS_MAX - AGE_DAYS_MIN));
  return (Math.floor(startMs / DAY_MS) - days) * DAY_MS;
}
