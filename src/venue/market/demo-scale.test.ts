import { beforeAll, describe, expect, it } from 'vitest';
import type { Candle } from '../../core/domain/candle.ts';
import { syntheticMarket } from './synthetic.ts';

const START_MS = Date.UTC(2026, 6, 14, 18, 22);
const MINUTE_MS = 60_000;
const SHOWN_MINUTES = 20;
const HISTORY = 300;
const RSI_LENGTH = 14;

interface Coin {
  readonly candles: readonly Candle[];
  readonly rsi: readonly number[];
}

let coins: Coin[] = [];

/** Wilder's RSI; 50 until there are enough closes. */
function rsiOf(closes: readonly number[]): number[] {
  let [gain, loss] = [0, 0];
  return closes.map((close, i) => {
    const move = close - (closes[i - 1] ?? close);
    gain += (Math.max(0, move) - gain) / RSI_LENGTH;
    loss += (Math.max(0, -move) - loss) / RSI_LENGTH;
    return i < RSI_LENGTH || gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  });
}

/** What becomes of longs entered where RSI falls to 29 in the first ten minutes, each watched for ten more. */
function outcomes(): { readonly exits: number; readonly stops: number; readonly entries: number } {
  let [entries, exits, stops] = [0, 0, 0];
  for (const { candles, rsi } of coins) {
    const at = rsi.findIndex(
      (value, i) => i >= HISTORY && i < HISTORY + 10 && value <= 29 && rsi[i - 1]! > 29,
    );
    if (at === -1) continue;
    entries += 1;
    const after = candles
      .slice(at + 1, at + 11)
      .map((candle, i) => ({ low: candle.low, rsi: rsi[at + 1 + i]! }));
    const stop = candles[at]!.close * 0.85;
    const end = after.find((candle) => candle.low <= stop || candle.rsi >= 60);
    if (end !== undefined && end.low <= stop) stops += 1;
    else if (end !== undefined) exits += 1;
  }
  return { entries, exits, stops };
}

beforeAll(() => {
  const market = syntheticMarket({ seed: 11, startMs: START_MS, candleScale: 'demo' });
  market.advance(START_MS + SHOWN_MINUTES * MINUTE_MS);
  coins = market.instruments().flatMap(({ id }) => {
    const limit = HISTORY + SHOWN_MINUTES;
    const candles =
      market.candles({ instrumentId: id, timeframe: '1m', startMs: null, endMs: null, limit }) ?? [];
    return candles.length < limit ? [] : [{ candles, rsi: rsiOf(candles.map(({ close }) => close)) }];
  });
});

describe('a market whose minutes move like real 6-hour candles', () => {
  it('has a few percent of its coins at an RSI extreme, in no minute none and in none a tenth', () => {
    const shares = Array.from({ length: SHOWN_MINUTES }, (_, i) => {
      const extreme = coins.filter(({ rsi }) => rsi[HISTORY + i]! <= 29 || rsi[HISTORY + i]! >= 71);
      return extreme.length / coins.length;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.02);
    expect(mean).toBeLessThan(0.08);
    expect(Math.min(...shares)).toBeGreaterThan(0.01);
    expect(Math.max(...shares)).toBeLessThan(0.1);
  });

  it('brings longs entered at an extreme to their RSI exit or their stop, both often, within ten minutes', () => {
    const { entries, exits, stops } = outcomes();
    expect(entries).toBeGreaterThan(20);
    expect(exits / entries).toBeGreaterThan(0.2);
    expect(stops / entries).toBeGreaterThan(0.15);
  });

  it('moves by one to four percent in a middling minute', () => {
    const ranges = coins.flatMap(({ candles }) => candles.map(({ high, low }) => high / low - 1));
    ranges.sort((left, right) => left - right);
    expect(ranges[Math.floor(ranges.length / 2)]).toBeGreaterThan(0.01);
    expect(ranges[Math.floor(ranges.length / 2)]).toBeLessThan(0.04);
  });
});
