import { ATR as PeerAtr } from 'technicalindicators';
import { describe, expect, test } from 'vitest';
import { Atr, atrColumn, type HighLowClose } from './atr.ts';
import { indicatorContract, randomCloses } from './indicator-contract.ts';

/** Candles whose close is the given one, with wicks that differ from row to row. */
function candlesOf(closes: readonly number[]): HighLowClose[] {
  return closes.map((close, row) => {
    const wick = close * 0.001 * (1 + (row % 5));
    return { high: close + wick, low: close - wick / 2, close };
  });
}

function columnsOf(candles: readonly HighLowClose[]) {
  return {
    high: Float64Array.from(candles, ({ high }) => high),
    low: Float64Array.from(candles, ({ low }) => low),
    close: Float64Array.from(candles, ({ close }) => close),
  };
}

function column(candles: readonly HighLowClose[], length: number): Float64Array {
  const output = new Float64Array(candles.length);
  atrColumn({ ...columnsOf(candles), length, output });
  return output;
}

describe('Atr', () => {
  const subject = {
    make: () => new Atr(14),
    inputs: candlesOf,
    broken: { high: 1, low: Number.NaN, close: 1 },
    batch: (candles: readonly HighLowClose[]) =>
      [...column(candles, 14)].map((value) => (Number.isNaN(value) ? null : value)),
  };
  test.each(indicatorContract(subject))('$title', ({ check }) => check());

  test('counts the gap to the close before as part of the range', () => {
    const candles = [
      { high: 11, low: 9, close: 10 },
      { high: 16, low: 14, close: 15 },
      { high: 13, low: 12, close: 12 },
    ];
    const gapUp = 16 - 10;
    const gapDown = 15 - 12;
    expect([...column(candles, 1)]).toEqual([Number.NaN, gapUp, gapDown]);
    expect(column(candles, 2)[2]).toBe((gapUp + gapDown) / 2);
  });

  test('gives the newest range the weight of one in its length', () => {
    const candles = [10, 10, 10, 10].map((close) => ({ high: close + 1, low: close - 1, close }));
    const wide = { high: 15, low: 5, close: 10 };
    expect(column([...candles, wide], 2)[4]).toBe((2 + 10) / 2);
  });

  test('agrees with an independent library at every defined row', () => {
    const candles = candlesOf(randomCloses(31, 1460));
    const { high, low, close } = columnsOf(candles);
    const theirs = PeerAtr.calculate({ period: 14, high: [...high], low: [...low], close: [...close] });
    const ours = [...column(candles, 14).subarray(14)];
    expect(theirs).toHaveLength(ours.length);
    for (const [row, value] of theirs.entries()) expect((ours[row] ?? 0) / value).toBeCloseTo(1, 10);
  });

  test('refuses the snapshot of another length', () => {
    expect(() => new Atr(14).restore(new Atr(7).snapshot())).toThrow('ATR(14)');
  });
});
