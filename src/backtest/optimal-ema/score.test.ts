import { describe, expect, it } from 'vitest';
import { candlesOf, randomCloses, ruleOf } from '../../../test/fixture/searched-candles.ts';
import { Ema } from '../../core/indicator/ema.ts';
import { EmaPairTrend } from '../../core/signal/ema-pair-trend.ts';
import { AverageTable } from './average-table.ts';
import { passes, scorePairs, summarise } from './score.ts';
import { pastSignals } from './signals.ts';

const pairs = [
  { shortLength: 5, longLength: 20 },
  { shortLength: 9, longLength: 21 },
  { shortLength: 20, longLength: 50 },
];

function tableOf(agreement: 'not-against' | 'same-order', seed: number) {
  const closes = randomCloses(900, seed);
  const rule = ruleOf({ agreement }, { rsiLength: 5 });
  const signals = pastSignals(candlesOf(closes), rule, 210);
  return { closes, signals, table: new AverageTable(Float64Array.from(closes), signals, rule) };
}

describe('a pair', () => {
  it('lets through exactly the signals its streaming trend does not stand against', () => {
    const seen = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const { closes, signals, table } = tableOf('not-against', seed);
      for (const pair of pairs) {
        const { shortLength: trendEmaShortLength, longLength: trendEmaLongLength } = pair;
        const trend = new EmaPairTrend({ trendEmaShortLength, trendEmaLongLength, trendConfirmCandles: 3 });
        const trends = closes.map((close) => trend.update(close));
        for (const [at, row] of signals.rows.entries()) {
          const long = signals.signs[at] === 1;
          const expected = trends[row] !== (long ? 'down' : 'up');
          expect(passes(table, pair, at)).toBe(expected);
          seen.add(`${long} ${expected}`);
        }
      }
    }
    expect(seen.size, 'longs and shorts, let through and held back').toBe(4);
  });

  it('in the strict way lets through only signals in the order of its averages', () => {
    const { closes, signals, table } = tableOf('same-order', 4);
    for (const pair of pairs) {
      const [short, long] = [new Ema(pair.shortLength), new Ema(pair.longLength)];
      const above = closes.map((close) => (short.update(close) ?? 0) > (long.update(close) ?? 0));
      for (const [at, row] of signals.rows.entries()) {
        expect(passes(table, pair, at)).toBe(above[row] === (signals.signs[at] === 1));
      }
    }
  });

  it('is scored by the mean of what it lets through before each end', () => {
    const { signals, table } = tableOf('not-against', 5);
    const ends = [20, 20, signals.count];
    const means = scorePairs({ pairs, table, signals, ends, signalsMin: 1 });
    for (const [place, pair] of pairs.entries()) {
      for (const [nth, end] of ends.entries()) {
        const through = [...signals.returnsPct].slice(0, end).filter((_, at) => passes(table, pair, at));
        const mean = through.reduce((sum, value) => sum + value, 0) / through.length;
        expect(means[place * ends.length + nth]).toBeCloseTo(mean, 10);
        expect(summarise({ table, signals }, pair, [{ from: 0, to: end }])).toEqual({
          signals: through.length,
          meanReturnPct: expect.closeTo(mean, 10),
        });
      }
    }
  });

  it('that lets too few through has no score', () => {
    const { signals, table } = tableOf('not-against', 6);
    const through = summarise({ table, signals }, pairs[0] ?? null, [{ from: 0, to: signals.count }]).signals;
    const scoreAt = (signalsMin: number) =>
      scorePairs({ pairs: pairs.slice(0, 1), table, signals, ends: [signals.count], signalsMin })[0];
    expect(scoreAt(through)).not.toBeNaN();
    expect(scoreAt(through + 1)).toBeNaN();
  });
});
