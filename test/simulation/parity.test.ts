import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../src/backtest/backtest.ts';
import { backtestOptionsSchema } from '../../src/backtest/options.ts';
import { pastInstrument } from '../../src/backtest/past-instrument.ts';
import type { PastInstrument } from '../../src/backtest/past-market.ts';
import { ensure } from '../../src/core/base/assert.ts';
import { rng, seedOf } from '../../src/core/base/rng.ts';
import type { CandleColumns } from '../../src/core/domain/candle-file.ts';
import { type TradingSettings, tradingSettingsSchema } from '../../src/core/engine/settings.ts';
import { recordedMarket } from '../../src/venue/market/replay.ts';
import { createWorld } from './world.ts';

const MINUTE_MS = 60_000;
/** With it no coin stands at a signal when the market begins. */
const SEED = 'parity77';
const COINS = ['AAVE', 'ADA', 'DOGE', 'ETH', 'SOL', 'XRP'] as const;
/** Rows the replay shows as the past. */
const HISTORY = 500;
const MINUTES = 160;
const START_MS = Date.UTC(2026, 0, 1, 8) + 30_000;
const FIRST_OPEN_MS = Math.floor(START_MS / MINUTE_MS) * MINUTE_MS - HISTORY * MINUTE_MS;

/** Filters that read what the two markets make up for themselves: turnover, quotes. */
const FILTER = { liquidityTurnoverMinUsdt: null, spreadPctMax: null, correlationPositionsMax: null };

function settingsWith(changes: { stopLossPct: number; takeProfitPct: number | null; positionsMax: number }) {
  const { positionsMax, ...exit } = changes;
  const signal = { rsiLongMax: 33, rsiShortMin: 67 };
  return tradingSettingsSchema.parse({
    timeframe: '1m',
    signal,
    exit,
    filter: FILTER,
    risk: { positionsMax, exposurePctMax: 500 },
  });
}

/** Minutes that move like a wild day: runs in one direction, so that RSI comes to its ends. */
function madeColumns(base: string): CandleColumns {
  const dice = rng(seedOf(SEED, base));
  const count = HISTORY + MINUTES + 60;
  const column = (): Float64Array => new Float64Array(count);
  const [open, high, low, close, volume] = [column(), column(), column(), column(), column()];
  let price = 50 + dice.integer(100);
  let drift = 0;
  for (let row = 0; row < count; row += 1) {
    drift = drift * 0.9 + dice.normal() * 0.25;
    const from = price;
    price = cents(from * Math.exp((dice.normal() + drift) * 0.004));
    const wick = (): number => dice.next() * 0.002;
    open[row] = from;
    close[row] = price;
    high[row] = cents(Math.max(from, price) * (1 + wick()));
    low[row] = cents(Math.min(from, price) * (1 - wick()));
    volume[row] = 200_000 + dice.integer(1000);
  }
  const prices = { open, high, low, close, volume };
  return {
    timeframe: '1m',
    firstOpenMs: FIRST_OPEN_MS,
    count,
    ...prices,
    priceDecimals: 2,
    volumeDecimals: 3,
  };
}

function cents(price: number): number {
  return Math.round(price * 100) / 100;
}

function pastOf(base: string, recorded: CandleColumns): PastInstrument {
  const name = `${base}USDT`;
  const instrument = ensure(pastInstrument(name, recorded), 'A made name is an instrument.');
  const { firstOpenMs, count } = recorded;
  const lastOpenMs = firstOpenMs + (count - 1) * MINUTE_MS;
  const file = { name, rows: count, firstOpenMs, lastOpenMs, sha256: '' };
  return { instrument, file, recorded, decided: recorded, fundings: [] };
}

interface Trip {
  readonly instrumentId: string;
  readonly direction: string;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryPrice: string;
  readonly exitPrice: string;
  readonly exitReason: string;
}

const made = COINS.map((base) => [base, madeColumns(base)] as const);

function pastTrips(settings: TradingSettings): readonly Trip[] {
  const { trades } = runBacktest({
    market: {
      recordedTimeframe: '1m',
      timeframe: '1m',
      instruments: made.map(([base, columns]) => pastOf(base, columns)),
    },
    settings,
    instruments: new Map(),
    options: backtestOptionsSchema.parse({}),
    fromMs: FIRST_OPEN_MS + HISTORY * MINUTE_MS,
    toMs: FIRST_OPEN_MS + (HISTORY + MINUTES) * MINUTE_MS,
    engineVersion: 'test',
  });
  return trades.toSorted(byOpening);
}

async function paperTrips(settings: TradingSettings): Promise<readonly Trip[]> {
  const coins = made.map(([exchangeBase, columns]) => ({ exchangeBase, path: exchangeBase, columns }));
  const world = await createWorld({
    seed: 5,
    startMs: START_MS,
    settings,
    market: (startMs) => recordedMarket(coins, { name: 'parity', timeframe: '1m', startMs, seed: 5 }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'parity');
  await world.time.advance(FIRST_OPEN_MS + (HISTORY + MINUTES) * MINUTE_MS - world.time.nowMs());
  const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
  await world.stop();
  return rows.toSorted(byOpening);
}

function byOpening(a: Trip, b: Trip): number {
  return a.openedMs - b.openedMs || (a.instrumentId < b.instrumentId ? -1 : 1);
}

/** What a trip was, and in which candles it began and ended. */
function shapeOf({ instrumentId, direction, exitReason, openedMs, closedMs }: Trip): string {
  return `${instrumentId} ${direction} ${minuteOf(openedMs)} to ${minuteOf(closedMs)} ${exitReason}`;
}

function minuteOf(timeMs: number): number {
  return Math.floor((timeMs - START_MS) / MINUTE_MS);
}

/** How far apart two prices are, %. */
function apartPct(a: string, b: string): number {
  return (Math.abs(Number(a) - Number(b)) / Number(a)) * 100;
}

/** Trips of one instrument in both, in their order. */
function pairsOf(past: readonly Trip[], paper: readonly Trip[]): readonly (readonly [Trip, Trip])[] {
  return COINS.flatMap((base) => {
    const of = (trips: readonly Trip[]) => trips.filter(({ instrumentId }) => instrumentId === `${base}USDT`);
    const ours = of(paper);
    return of(past).flatMap((trip, index) => {
      const other = ours[index];
      return other === undefined ? [] : [[trip, other] as const];
    });
  });
}

describe('the same candles through a backtest and on paper', () => {
  it('are the same trips candle by candle where closed candles decide, and a free slot is taken at once', async () => {
    const settings = settingsWith({ stopLossPct: 40, takeProfitPct: null, positionsMax: 2 });
    const [past, paper] = [pastTrips(settings), await paperTrips(settings)];
    expect(past.length).toBeGreaterThan(3);
    expect(paper.map(shapeOf).sort()).toEqual(past.map(shapeOf).sort());
    for (const [trip, other] of pairsOf(past, paper)) {
      // Paper enters up to two seconds after the open a backtest fills at, and pays the venue's own spread.
      expect(apartPct(trip.entryPrice, other.entryPrice)).toBeLessThan(0.3);
      expect(apartPct(trip.exitPrice, other.exitPrice)).toBeLessThan(0.1);
    }
  });

  it('are the same trips in the same order where stops decide, later by what mark price and path differ', async () => {
    const settings = settingsWith({ stopLossPct: 2.5, takeProfitPct: 4, positionsMax: COINS.length });
    const [past, paper] = [pastTrips(settings), await paperTrips(settings)];
    const pairs = pairsOf(past, paper);
    expect(past.length).toBeGreaterThan(20);
    // What was opened last may have come to its end in one of them alone.
    expect(Math.abs(paper.length - past.length)).toBeLessThanOrEqual(2);
    expect(pairs.length).toBeGreaterThanOrEqual(past.length - 2);
    const sense = ({ direction, exitReason }: Trip): string => `${direction} ${exitReason}`;
    expect(pairs.map(([, other]) => sense(other))).toEqual(pairs.map(([trip]) => sense(trip)));
    const together = pairs.filter(([a, b]) => minuteOf(a.openedMs) === minuteOf(b.openedMs));
    expect(together.length / pairs.length).toBeGreaterThan(0.7);
    for (const [trip, other] of together) {
      const later = minuteOf(other.closedMs) - minuteOf(trip.closedMs);
      expect(apartPct(trip.entryPrice, other.entryPrice)).toBeLessThan(0.3);
      expect(later).toBeGreaterThanOrEqual(0);
      expect(later).toBeLessThanOrEqual(trip.exitReason === 'rsi-exit' ? 0 : 5);
      expect(apartPct(trip.exitPrice, other.exitPrice)).toBeLessThan(
        trip.exitReason === 'rsi-exit' ? 0.1 : 1.5,
      );
    }
  });
});
