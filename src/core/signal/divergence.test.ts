import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RsiHistory } from '../indicator/rsi-history.ts';
import { type DivergenceRule, readDivergence } from './divergence.ts';

const RULE: DivergenceRule = { divergenceCandles: 10, divergenceWingCandles: 1, divergenceRsiMin: 1 };

function seen(closes: readonly number[], rsi: readonly number[]) {
  const rsiHistory = new RsiHistory();
  for (const value of rsi) rsiHistory.push(value);
  const candles = { length: closes.length, closeAt: (row: number) => closes[row] ?? Number.NaN };
  return { closes, rsi, candles, rsiHistory };
}

/** Two swing lows, 6 and 2 candles before the newest close: price 100 and `low`, RSI 25 and `rsi`. */
function twoLows(low: number, rsi: number) {
  return seen([104, 102, 100, 103, 102, 101, low, 102, 101], [40, 30, 25, 38, 34, 30, rsi, 35, 31]);
}

describe('readDivergence', () => {
  test('finds a lower low of price with a higher low of RSI, and shows both', () => {
    expect(readDivergence('long', twoLows(99, 28), RULE)).toEqual({
      found: true,
      earlier: { ago: 6, price: 100, rsi: 25 },
      later: { ago: 2, price: 99, rsi: 28 },
    });
  });

  test.each([
    ['price holds its low', twoLows(100, 28)],
    ['price makes a higher low', twoLows(100.5, 28)],
    ['RSI falls with price', twoLows(99, 24)],
    ['RSI stands where it stood', twoLows(99, 25)],
    ['RSI turns by less than a point', twoLows(99, 25.9)],
  ])('finds none where %s', (_, market) => {
    const reading = readDivergence('long', market, RULE);
    expect(reading.found).toBe(false);
    expect(reading.later?.ago, 'the swings are shown all the same').toBe(2);
  });

  test('takes a turn of exactly the points asked for', () => {
    expect(readDivergence('long', twoLows(99, 26), RULE).found).toBe(true);
  });

  test('finds nothing for the other direction', () => {
    expect(readDivergence('short', twoLows(99, 28), RULE).found).toBe(false);
  });

  test('is blind to the size of prices', () => {
    const { closes, rsi } = twoLows(99, 28);
    for (const factor of [1e-7, 1, 1e7]) {
      const scaled = seen(
        closes.map((close) => close * factor),
        rsi,
      );
      expect(readDivergence('long', scaled, RULE).found).toBe(true);
    }
  });

  test('waits for the candle that confirms the later low', () => {
    const closes = [104, 102, 100, 103, 102, 101, 99];
    const rsi = [40, 30, 25, 38, 34, 30, 28];
    expect(readDivergence('long', seen(closes, rsi), RULE).found).toBe(false);
    expect(readDivergence('long', seen([...closes, 100], [...rsi, 33]), RULE).found).toBe(true);
  });

  test('takes no flat bottom for a turn', () => {
    const flat = seen([104, 102, 100, 100, 103, 101, 99, 102], [40, 30, 25, 25, 38, 34, 28, 35]);
    expect(readDivergence('long', flat, RULE)).toMatchObject({ found: false, earlier: null });
  });

  test('wants wings as long as the rule says', () => {
    expect(readDivergence('long', twoLows(99, 28), { ...RULE, divergenceWingCandles: 2 }).found).toBe(true);
    expect(readDivergence('long', twoLows(99, 28), { ...RULE, divergenceWingCandles: 3 }).later).toBeNull();
  });

  test('looks no further back than the rule says', () => {
    expect(readDivergence('long', twoLows(99, 28), { ...RULE, divergenceCandles: 7 }).found).toBe(true);
    const short = readDivergence('long', twoLows(99, 28), { ...RULE, divergenceCandles: 6 });
    expect(short).toMatchObject({ found: false, earlier: null, later: { ago: 2 } });
  });

  test('finds none without RSI values as old as the swings', () => {
    const { closes } = twoLows(99, 28);
    expect(readDivergence('long', seen([...closes], [28, 35, 31]), RULE)).toMatchObject({
      found: false,
      earlier: null,
    });
  });

  test('mirrors', () => {
    const level = fc.integer({ min: 90, max: 110 });
    const candle = fc.record({ close: level, rsi: fc.integer({ min: 1, max: 99 }) });
    fc.assert(
      fc.property(fc.array(candle, { minLength: 3, maxLength: 30 }), (candles) => {
        const upright = seen(
          candles.map(({ close }) => close),
          candles.map(({ rsi }) => rsi),
        );
        const mirrored = seen(
          candles.map(({ close }) => 200 - close),
          candles.map(({ rsi }) => 100 - rsi),
        );
        expect(readDivergence('short', mirrored, RULE).found).toBe(
          readDivergence('long', upright, RULE).found,
        );
      }),
    );
  });
});
