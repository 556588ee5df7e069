import { describe, expect, test } from 'vitest';
import { volatilityOf } from '../../../test/scenario/market-makers.ts';
import { CandleSeries } from '../domain/candle-series.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { Rsi } from '../indicator/rsi.ts';
import { RsiHistory } from '../indicator/rsi-history.ts';
import { readAroundSignal } from './readings.ts';
import { type SignalSettings, signalSettingsSchema } from './settings.ts';

const STEP_MS = timeframeMs('6h');

function settings(changes: Partial<SignalSettings> = {}): SignalSettings {
  return signalSettingsSchema.parse(changes);
}

/** The closed candles of `closes`, one point high to either side, with the RSI that streams from them. */
function market(closes: readonly number[], volumes: readonly number[] = []) {
  const candles = new CandleSeries('6h');
  const rsiHistory = new RsiHistory();
  const rsi = new Rsi(14);
  for (const [row, close] of closes.entries()) {
    const prices = { open: close, high: close + 0.5, low: close - 0.5, close };
    candles.append({ openTimeMs: row * STEP_MS, ...prices, volume: volumes[row] ?? 10 });
    rsiHistory.push(rsi.next(close));
  }
  return { candles, rsiHistory, volatility: volatilityOf(candles) };
}

/** `length` closes that swing by a point around 100. */
function restless(length: number): number[] {
  return Array.from({ length }, (_, row) => 100 + (row % 2));
}

/** A restless market that then falls by a point a candle. */
function falling(steps: number): number[] {
  return [...restless(60), ...Array.from({ length: steps }, (_, step) => 99 - step)];
}

function volumes(length: number, newest: number, before: number): number[] {
  const fill = Array.from({ length: length - 10 }, () => 7);
  return [...fill, ...Array.from({ length: 5 }, () => before), ...Array.from({ length: 5 }, () => newest)];
}

describe('readAroundSignal', () => {
  test('needs 50 candles', () => {
    expect(readAroundSignal('long', market(restless(49)), settings())).toBeNull();
    expect(readAroundSignal('long', market(restless(50)), settings())).not.toBeNull();
  });

  test('has no levels where price has never moved', () => {
    const flat = market(Array.from({ length: 60 }, () => 100));
    const { volatility } = readAroundSignal('long', flat, settings()) ?? {};
    expect(volatility?.rate, 'high and low are apart').toBe(1);
    const frozen = new CandleSeries('6h');
    for (let row = 0; row < 60; row += 1) {
      const prices = { open: 5, high: 5, low: 5, close: 5 };
      frozen.append({ openTimeMs: row * STEP_MS, ...prices, volume: 0 });
    }
    const reading = readAroundSignal(
      'long',
      { candles: frozen, rsiHistory: new RsiHistory(), volatility: volatilityOf(frozen) },
      settings(),
    );
    expect(reading).toMatchObject({ volatility: null, levels: null, volumeRate: null, stochRsi: null });
    expect(reading?.confirmations).toEqual([]);
  });

  // 15 falls leave the gains (13/14)^15 of their weight: RSI is at most 33 % of the 50 it came from.
  test('counts the candles in a row that RSI has stayed at the extreme', () => {
    const count = (steps: number) =>
      readAroundSignal('long', market(falling(steps)), settings())?.extremeCandles;
    const first = Array.from({ length: 40 }, (_, step) => step).find((step) => (count(step) ?? 0) > 0) ?? 0;
    expect(first).toBeGreaterThan(10);
    expect([count(first - 1), count(first), count(first + 1), count(first + 6)]).toEqual([0, 1, 2, 7]);
    const back = readAroundSignal('long', market([...falling(first + 6), 120]), settings());
    expect(back?.extremeCandles).toBe(0);
    expect(readAroundSignal('short', market(falling(first)), settings())?.extremeCandles).toBe(0);
  });

  test.each([
    { newest: 12.1, before: 10, confirms: true },
    { newest: 12, before: 10, confirms: false },
    { newest: 8, before: 10, confirms: false },
    { newest: 5, before: 0, confirms: false },
  ])('volume of $newest after $before confirms: $confirms', ({ newest, before, confirms }) => {
    const closes = restless(60);
    const seen = market(closes, volumes(60, newest, before));
    const reading = readAroundSignal('long', seen, settings({ confirmStochRsiCounted: false }));
    expect(reading?.volumeRate).toBe(before === 0 ? null : (newest * 5) / (before * 5));
    expect(reading?.confirmations).toEqual(confirms ? ['volume'] : []);
    const uncounted = settings({ confirmStochRsiCounted: false, confirmVolumeCounted: false });
    expect(readAroundSignal('long', seen, uncounted)?.confirmations).toEqual([]);
  });

  test('a StochRSI of exactly 0 confirms a long and no short', () => {
    const seen = market(falling(20));
    const reading = readAroundSignal('long', seen, settings());
    expect(reading?.stochRsi?.k).toBe(0);
    expect(reading?.confirmations).toEqual(['stoch-rsi']);
    expect(readAroundSignal('short', seen, settings())?.confirmations).toEqual([]);
    const uncounted = settings({ confirmStochRsiCounted: false });
    expect(readAroundSignal('long', seen, uncounted)?.confirmations).toEqual([]);
  });

  test('a StochRSI of 100 confirms a short', () => {
    const rising = falling(20).map((close) => 200 - close);
    const reading = readAroundSignal('short', market(rising), settings());
    expect(reading?.stochRsi?.k).toBe(100);
    expect(reading?.confirmations).toEqual(['stoch-rsi']);
  });

  // A steep fall, a bounce, and a slow fall to a lower low: RSI makes its low in the steep one.
  test('a divergence confirms', () => {
    const closes = [...restless(60), 97, 94, 91, 88, 91, 92, 90, 88.5, 87.9, 88.4];
    const reading = readAroundSignal('long', market(closes), settings({ confirmStochRsiCounted: false }));
    expect(reading?.divergence).toMatchObject({ found: true, earlier: { ago: 6 }, later: { ago: 1 } });
    expect(reading?.confirmations).toEqual(['divergence']);
  });

  test('moves the levels by the volatility it read', () => {
    const jumpy = [...restless(120), ...Array.from({ length: 14 }, (_, row) => (row % 2 === 0 ? 95 : 105))];
    const reading = readAroundSignal('long', market(jumpy), settings());
    expect(reading?.volatility?.rate).toBeGreaterThan(1.5);
    expect(reading?.levels).toEqual({ longMax: 24, shortMin: 76 });
  });
});
