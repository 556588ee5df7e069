import { describe, expect, it } from 'vitest';
import {
  fallThen,
  marketOf,
  type Ohlc,
  openSettings,
  PAST_START_MS,
  pastOf,
} from '../../../test/fixture/past-candles.ts';
import type { BacktestOptions } from '../options.ts';
import { backtestOptionsSchema } from '../options.ts';
import type { PastMarket } from '../past-market.ts';
import { filterWorth, type WorthPhase } from './filter-worth.ts';
import { worthSettingsSchema } from './settings.ts';

const HOUR_MS = 3_600_000;
const SPIKE_EVERY = 24;
/** Spikes that come before the first hundred candles, without which nothing is entered. */
const SPIKES_EARLY = 4;
const FREE = { feeTakerRate: 0, feeMakerRate: 0, slippageBps: 0 };

/** A fall that never stops signalling a long, with a spike of 20 % in the middle of each day, back within the hour. */
function spiking(days: number, side: 'up' | 'down'): readonly Ohlc[] {
  const candles = days * SPIKE_EVERY;
  const priceAt = (i: number): number => Math.round((400 - i * 0.1 + (i % 3 === 1 ? 0.05 : 0)) * 100) / 100;
  return Array.from({ length: candles }, (_, i): Ohlc => {
    const [open, close] = [priceAt(i), priceAt(i + 1)];
    const [high, low] = [Math.max(open, close), Math.min(open, close)];
    if (i % SPIKE_EVERY !== SPIKE_EVERY / 2) return [open, high, low, close];
    const far = (price: number, rate: number): number => Math.round(price * rate * 100) / 100;
    return side === 'up' ? [open, far(open, 1.2), low, close] : [open, high, far(open, 0.8), close];
  });
}

/** A cent an hour down: it signals a long for ever, and never comes to its stop. */
function sinking(days: number): readonly Ohlc[] {
  return Array.from({ length: days * SPIKE_EVERY }, (_, i): Ohlc => {
    const [open, close] = [400 - i * 0.01, 400 - (i + 1) * 0.01];
    return [open, open, close, close];
  });
}

/** Stop and take-profit at 10 %, ten USDT a position, one coin on the blacklist. */
function worthOf(
  market: PastMarket,
  changes: { options?: Partial<BacktestOptions>; set?: Record<string, unknown>; phases?: WorthPhase[] } = {},
) {
  const open = openSettings({
    exit: { stopLossPct: 10, takeProfitPct: 10 },
    signal: { ...openSettings().signal, rsiShortMin: 99 },
    ...changes.set,
  });
  return filterWorth({
    backtest: {
      market,
      settings: { ...open, filter: { ...open.filter, blacklist: ['BTCUSDT'] } },
      instruments: new Map(),
      options: backtestOptionsSchema.parse({ ...FREE, ...changes.options }),
      fromMs: null,
      toMs: null,
      engineVersion: 'test',
    },
    worth: worthSettingsSchema.parse({}),
    onProgress: (phase) => changes.phases?.push(phase),
  });
}

function scopeOf(result: ReturnType<typeof filterWorth>) {
  const filter = result.filters.find((one) => one.filter === 'scope');
  if (filter === undefined) throw new Error('The blacklist blocked nothing.');
  return filter;
}

const DAYS = 80;
/** Each spike ends the trade that was on; the last one has none. */
const ENDED = DAYS - SPIKES_EARLY;

describe('the worth of a filter', () => {
  it('is money saved where it blocks only losers', () => {
    const result = worthOf(marketOf(pastOf('BTCUSDT', spiking(DAYS, 'down'))));
    const { alone, verdict, portfolio } = scopeOf(result);
    expect(result.trades).toBe(0);
    expect(verdict).toBe('saves');
    expect(alone).toMatchObject({ trades: ENDED + 1, wins: 0, open: 1 });
    // Ten USDT less what the step of 0.001 cuts off, and the 10 % of the stop.
    expect(alone.meanSavedUsdt).toBeGreaterThan(0.9);
    expect(alone.meanSavedUsdt).toBeLessThan(1);
    expect(alone.interval?.low).toBeGreaterThan(0.9);
    expect(portfolio).toMatchObject({ tradesWithout: ENDED });
    expect(portfolio?.savedUsdt).toBeCloseTo(alone.totalSavedUsdt, 9);
    expect(portfolio?.interval?.low).toBeGreaterThan(0);
  });

  it('is money lost where it blocks only winners', () => {
    const { alone, verdict, portfolio } = scopeOf(worthOf(marketOf(pastOf('BTCUSDT', spiking(DAYS, 'up')))));
    expect(verdict).toBe('costs');
    expect(alone).toMatchObject({ trades: ENDED + 1, wins: ENDED, open: 1 });
    expect(alone.interval?.high).toBeLessThan(-0.9);
    expect(portfolio?.savedUsdt).toBeLessThan(-70);
  });

  it('is unknown with too few trades, and in too short a time', () => {
    const few = scopeOf(worthOf(marketOf(pastOf('BTCUSDT', spiking(20, 'down')))));
    expect(few).toMatchObject({
      verdict: 'not-enough-data',
      alone: { trades: 20 - SPIKES_EARLY + 1, interval: null },
    });
    const short = scopeOf(worthOf(marketOf(pastOf('BTCUSDT', spiking(45, 'down')))));
    expect(short).toMatchObject({
      verdict: 'not-enough-data',
      alone: { trades: 45 - SPIKES_EARLY + 1, interval: null },
    });
  });

  it('is told apart where another filter blocked as well', () => {
    const set = { filter: { ...openSettings().filter, maturityEnabled: true, maturityRsiHighMin: 90 } };
    const result = worthOf(marketOf(pastOf('BTCUSDT', spiking(DAYS, 'down'))), { set });
    const { alone, shared, verdict, portfolio } = scopeOf(result);
    expect([alone.candidates, verdict]).toEqual([0, 'not-enough-data']);
    // RSI is not there yet at the first spike; the last trade is not at its end.
    expect(shared).toMatchObject({ trades: DAYS, wins: 0, open: 1 });
    expect(portfolio).toMatchObject({ tradesWithout: 0, savedUsdt: 0 });
    expect(result.filters.map(({ filter }) => filter)).toEqual(['scope', 'data', 'maturity']);
    expect(result.silent).toContain('trend');
  });

  it('rests on the very trades that the walk without the filter makes, costs and funding included', () => {
    const wild = Array.from({ length: 900 }, (_, i): Ohlc => {
      const at = (k: number): number =>
        Math.round((100 + 14 * Math.sin(k / 9) + 5 * Math.sin(k / 2.3)) * 100) / 100;
      const [open, close] = [at(i), at(i + 1)];
      return [open, Math.max(open, close) + 1.5, Math.min(open, close) - 1.5, close];
    });
    const fundings = Array.from({ length: 120 }, (_, i) => ({
      timeMs: PAST_START_MS + i * 8 * HOUR_MS,
      rate: 0.0003,
    }));
    const market = marketOf(pastOf('BTCUSDT', fallThen(...wild), { fundings }));
    const options = { feeTakerRate: 0.00055, slippageBps: 3 };
    const { alone, portfolio } = scopeOf(
      worthOf(market, { options, set: { signal: openSettings().signal } }),
    );
    expect(alone.trades).toBeGreaterThan(15);
    expect(portfolio?.tradesWithout).toBe(alone.trades - alone.open);
    expect(portfolio?.savedUsdt).toBeCloseTo(alone.totalSavedUsdt, 9);
  });

  it('of the whole walk counts the slots: what came in instead is lost or saved with it', () => {
    const market = marketOf(pastOf('AAVEUSDT', spiking(DAYS, 'up')), pastOf('BTCUSDT', sinking(DAYS)));
    const set = { risk: { positionsMax: 1 }, filter: { ...openSettings().filter, whitelist: ['BTCUSDT'] } };
    const { alone, portfolio } = scopeOf(worthOf(market, { set }));
    // The loser would have kept the one slot from all winners.
    expect(alone.totalSavedUsdt).toBeLessThan(1);
    expect(portfolio?.savedUsdt).toBeGreaterThan(50);
  });

  it('is the same bytes every time, with every phase of the work told', () => {
    const market = marketOf(pastOf('BTCUSDT', spiking(DAYS, 'down')));
    const phases: WorthPhase[] = [];
    const first = JSON.stringify(worthOf(market, { phases }));
    expect(JSON.stringify(worthOf(market))).toBe(first);
    expect(new Set(phases)).toEqual(new Set(['walking', 'pricing', 'comparing']));
  });
});
