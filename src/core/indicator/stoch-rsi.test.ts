import { describe, expect, test } from 'vitest';
import { indicatorContract, randomCloses } from './indicator-contract.ts';
import { Rsi } from './rsi.ts';
import { RsiHistory } from './rsi-history.ts';
import { STOCH_RSI_LENGTHS, StochRsi, type StochRsiValue, stochRsiColumn, stochRsiOf } from './stoch-rsi.ts';

function columns(closes: readonly number[]): (StochRsiValue | null)[] {
  const k = new Float64Array(closes.length);
  const d = new Float64Array(closes.length);
  stochRsiColumn({ input: Float64Array.from(closes), lengths: STOCH_RSI_LENGTHS, k, d });
  return closes.map((_, row) =>
    Number.isNaN(k[row]) ? null : { k: k[row] ?? Number.NaN, d: d[row] ?? Number.NaN },
  );
}

/** The definition written out over the whole history: slow, plain, and apart from the streaming code. */
function byDefinition(closes: readonly number[]): StochRsiValue[] {
  const rsi = new Rsi(14);
  const strengths = closes.map((close) => rsi.update(close)).filter((value) => value !== null);
  const windows = (values: readonly number[], length: number) =>
    values.slice(length - 1).map((_, row) => values.slice(row, row + length));
  const places = windows(strengths, 14).map((window) => {
    const low = Math.min(...window);
    const reach = Math.max(...window) - low;
    return reach < 1e-9 ? 0.5 : ((window[13] ?? Number.NaN) - low) / reach;
  });
  const mean3 = (values: readonly number[]) =>
    windows(values, 3).map((window) => window.reduce((sum, value) => sum + value, 0) / 3);
  const ks = mean3(places).map((place) => place * 100);
  return mean3(ks).map((d, row) => ({ k: ks[row + 2] ?? Number.NaN, d }));
}

describe('StochRsi', () => {
  const subject = {
    make: () => new StochRsi(),
    inputs: (closes: readonly number[]) => closes,
    broken: Number.NaN,
    batch: columns,
  };
  test.each(indicatorContract(subject))('$title', ({ check }) => check());

  test('has its first value at close 32', () => {
    const values = columns(randomCloses(41, 40));
    expect(values.findIndex((value) => value !== null)).toBe(31);
  });

  test('follows its definition over a whole history', () => {
    const closes = randomCloses(42, 300);
    const defined = columns(closes).filter((value) => value !== null);
    const expected = byDefinition(closes);
    expect(defined).toHaveLength(expected.length);
    for (const [row, { k, d }] of expected.entries()) {
      expect(defined[row]?.k).toBeCloseTo(k, 9);
      expect(defined[row]?.d).toBeCloseTo(d, 9);
    }
  });

  test('says the same bits of RSI values held as of the closes behind them', () => {
    for (const lengths of [STOCH_RSI_LENGTHS, { rsi: 5, range: 7, k: 1, d: 2 }]) {
      const stochRsi = new StochRsi(lengths);
      const rsi = new Rsi(lengths.rsi);
      const history = new RsiHistory();
      for (const close of randomCloses(43, 400)) {
        history.push(rsi.next(close));
        expect(stochRsiOf(history, lengths)).toEqual(stochRsi.update(close));
      }
    }
  });

  test('has a K of 0 where RSI stands at the bottom of its range for as long as K looks back', () => {
    const history = new RsiHistory();
    for (let rsi = 60; rsi > 30; rsi -= 1) history.push(rsi);
    expect(stochRsiOf(history)).toEqual({ k: 0, d: 0 });
  });

  test('reads 50 in a market that never moved', () => {
    const flat = Array.from({ length: 40 }, () => 12.5);
    expect(columns(flat).at(-1)).toEqual({ k: 50, d: 50 });
  });

  test('reads 50, not noise, in a market that stands still after a move', () => {
    const last = randomCloses(43, 60).at(-1) ?? 1;
    const halted = [...randomCloses(43, 60), ...Array.from({ length: 40 }, () => last)];
    expect(columns(halted).slice(-20)).toEqual(Array.from({ length: 20 }, () => ({ k: 50, d: 50 })));
  });

  test('stays within 0..100', () => {
    for (const value of columns(randomCloses(44, 400))) {
      if (value === null) continue;
      expect(Math.min(value.k, value.d)).toBeGreaterThanOrEqual(0);
      expect(Math.max(value.k, value.d)).toBeLessThanOrEqual(100 + 1e-9);
    }
  });

  test('refuses the snapshot of other lengths', () => {
    const other = new StochRsi({ ...STOCH_RSI_LENGTHS, k: 5 });
    expect(() => new StochRsi().restore(other.snapshot())).toThrow('other lengths');
  });
});
