import { describe, expect, it } from 'vitest';
import { candlesOf, ruleOf } from '../../../test/fixture/searched-candles.ts';
import { firstSignalFrom, pastSignals, volatilityOf } from './signals.ts';

const free = { feeTakerRate: 0, slippageBps: 0, forwardCandles: 2 };

describe('signals of the past', () => {
  // RSI over two changes: three falling closes give 0, three rising ones 100, a rise after a fall between.
  const closes = [100, 90, 80, 85, 70, 77, 88, 99, 99, 99];

  it('are the candles whose RSI is at an extreme, with what followed from the next open', () => {
    const signals = pastSignals(candlesOf(closes), ruleOf(free, { rsiLength: 2 }), 2);
    // Opens are the closes before: a long at row 2 enters at 80 (open of 3) and ends at 70 (open of 5).
    // Row 3: moves of 10 + 5 with a drift of -10 + 5 are an RSI of 33.3: none.
    // Row 4: moves of 7.5 + 15, drift -2.5 - 15: 11.1, a long from 70 to 88.
    // Row 6: moves of 9.125 + 11, drift -0.875 + 11: 75.2, a short from 88 to 99.
    expect([...signals.rows]).toEqual([2, 4, 6]);
    expect([...signals.signs]).toEqual([1, 1, -1]);
    expect([...signals.returnsPct].map((value) => value.toFixed(6))).toEqual([
      ((70 / 80 - 1) * 100).toFixed(6),
      ((88 / 70 - 1) * 100).toFixed(6),
      (((88 - 99) / 88) * 100).toFixed(6),
    ]);
  });

  it('pay fee and slippage of both orders', () => {
    const costly = { ...free, feeTakerRate: 0.0005, slippageBps: 5 };
    const [paid] = pastSignals(candlesOf(closes), ruleOf(costly, { rsiLength: 2 }), 2).returnsPct;
    // 0.1 % of 80 and of 70 on a notional of 80.
    expect(paid).toBeCloseTo(-12.5 - ((0.08 + 0.07) / 80) * 100, 10);
  });

  it('leave out those whose end is not known and those before the first row', () => {
    const rule = ruleOf(free, { rsiLength: 2 });
    expect([...pastSignals(candlesOf(closes.slice(0, 8)), rule, 3).rows]).toEqual([4]);
    expect(pastSignals(candlesOf(closes.slice(0, 3)), rule, 2).count).toBe(0);
  });

  it('are found by candle', () => {
    const signals = pastSignals(candlesOf(closes), ruleOf(free, { rsiLength: 2 }), 2);
    expect([0, 3, 4, 5, 7].map((row) => firstSignalFrom(signals, row))).toEqual([0, 1, 1, 2, 3]);
  });
});

it('volatility is the standard deviation of the returns of the first closes', () => {
  // Returns +10 % and -10 % around a mean of 0.
  expect(volatilityOf(Float64Array.of(100, 110, 99, 1), 3)).toBeCloseTo(0.1, 12);
  expect(volatilityOf(Float64Array.of(100, 110), 2)).toBe(0);
});
