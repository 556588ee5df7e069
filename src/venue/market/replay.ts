import { decimal } from '../../core/base/decimal.ts';
import { seedOf } from '../../core/base/rng.ts';
import type { CandleColumns } from '../../core/domain/candle-file.ts';
import { type Timeframe, timeframeMs } from '../../core/domain/timeframe.ts';
import { MINUTE_MS } from './candle-tree.ts';
import { coinInstrument } from './coin-instrument.ts';
import { coinTraits } from './coin-traits.ts';
import { gridOf } from './grid.ts';
import type { CoinTier } from './known-coins.ts';
import { ListedMarket } from './listed-market.ts';
import { Listing } from './listing.ts';
import type { MarketSource } from './market-source.ts';
import { type RecordedCoin, readRecording } from './recording.ts';
import { ReplayTree } from './replay-tree.ts';

/** Rows shown as the past: enough for every rule that asks for history. */
const HISTORY_CANDLES = 500;
const DAY_MS = 86_400_000;
const FUNDING_INTERVAL_MS = 28_800_000;
/** Least turnover of an ordinary day, in quote currency, that makes a tier. */
const TIER_TURNOVERS: readonly (readonly [CoinTier, number])[] = [
  ['major', 2e9],
  ['large', 1e8],
  ['small', 1e7],
];

export interface ReplayOptions {
  /** Folder of candle files (`BTCUSDT.csv.gz`), all of one timeframe. */
  readonly folder: string;
  /** Length at which a recorded candle is shown: recorded hours may play as minutes. */
  readonly timeframe: Timeframe;
  /** Now: the first candle that plays is the one that runs at this moment. */
  readonly startMs: number;
  /** Of the paths inside candles and of what a recording does not hold: spreads, depth, funding. */
  readonly seed: number;
}

interface RecordedOptions extends Omit<ReplayOptions, 'folder'> {
  readonly name: string;
}

/** How recorded times become times of the market. */
interface Schedule {
  readonly options: RecordedOptions;
  readonly earliestMs: number;
  /** Coarse candle since the epoch at which the earliest recorded row is shown. */
  readonly firstIndex: number;
}

/**
 * A market out of recorded candles: same prices and volumes, other times. The first 500 rows of the longest
 * files are the past; later files join when their first row comes; after the last row prices stand still
 * and the state is `ended`. Rejects with a `RecordingError` that names file and line.
 */
export async function replayMarket(options: ReplayOptions): Promise<MarketSource> {
  const coins = await readRecording(options.folder);
  return recordedMarket(coins, { ...options, name: `replay of ${options.folder}` });
}

/** The same of candles in memory. There is at least one coin, and all are of one timeframe. */
export function recordedMarket(coins: readonly RecordedCoin[], options: RecordedOptions): MarketSource {
  const earliestMs = Math.min(...coins.map(({ columns }) => columns.firstOpenMs));
  const rows = Math.max(...coins.map(({ columns }) => rowOf(columns, earliestMs) + columns.count));
  const history = Math.min(HISTORY_CANDLES, rows - 1);
  const lengthMs = timeframeMs(options.timeframe);
  const schedule = { options, earliestMs, firstIndex: Math.floor(options.startMs / lengthMs) - history };
  return new ListedMarket({
    name: options.name,
    startMs: options.startMs,
    listings: coins.map((coin) => listingOf(coin, schedule)),
    endMs: (schedule.firstIndex + rows) * lengthMs,
  });
}

/** Rows between the start of the recording and the first of this file. */
function rowOf(columns: CandleColumns, earliestMs: number): number {
  return (columns.firstOpenMs - earliestMs) / timeframeMs(columns.timeframe);
}

function listingOf({ exchangeBase, columns }: RecordedCoin, schedule: Schedule): Listing {
  const { options, earliestMs } = schedule;
  const lengthMs = timeframeMs(options.timeframe);
  const firstIndex = schedule.firstIndex + rowOf(columns, earliestMs);
  const traits = coinTraits(tierOf(columns));
  const seed = seedOf(options.seed, exchangeBase);
  const instrument = coinInstrument({
    exchangeBase,
    tickSize: decimal(10).pow(-columns.priceDecimals),
    quantityStep: decimal(10).pow(-columns.volumeDecimals),
    price: columns.close[0] ?? 1,
    leverageMax: traits.leverageMax,
    marketNotionalMax: traits.marketNotionalMax,
    launchTimeMs: firstIndex * lengthMs,
    fundingIntervalMs: FUNDING_INTERVAL_MS,
  });
  const tree = new ReplayTree({
    columns,
    prices: gridOf(instrument.tickSize),
    quantities: gridOf(instrument.quantityStep),
    coarseMinutes: lengthMs / MINUTE_MS,
    firstIndex,
    seed,
    activity: traits.liquidity.activity,
  });
  const firstMinute = (firstIndex * lengthMs) / MINUTE_MS;
  return new Listing({ instrument, tree, liquidity: traits.liquidity, seed, firstMinute });
}

/** By mean turnover of the recorded days. */
function tierOf({ close, volume, count, timeframe }: CandleColumns): CoinTier {
  let turnover = 0;
  for (let i = 0; i < count; i += 1) turnover += (close[i] ?? 0) * (volume[i] ?? 0);
  const perDay = (turnover / count) * (DAY_MS / timeframeMs(timeframe));
  return TIER_TURNOVERS.find(([, least]) => perDay >= least)?.[0] ?? 'tiny';
}
