import { describe, expect, test } from 'vitest';
import type { Trend } from '../domain/trend.ts';
import { emaColumn } from '../indicator/ema.ts';
import { indicatorContract } from '../indicator/indicator-contract.ts';
import { type EmaPairRule, EmaPairTrend } from './ema-pair-trend.ts';

const RULE: EmaPairRule = { trendEmaShortLength: 50, trendEmaLongLength: 200, trendConfirmCandles: 3 };

function trendAfter(closes: readonly number[], rule: EmaPairRule = RULE): Trend | null {
  const trend = new EmaPairTrend(rule);
  for (const close of closes) trend.update(close);
  return trend.value;
}

/** `count` closes from 100 on, each `growth` times the one before. */
function grown(count: number, growth: number): number[] {
  return Array.from({ length: count }, (_, index) => 100 * growth ** index);
}

function average(closes: readonly number[], length: number): readonly number[] {
  const output = new Float64Array(closes.length);
  emaColumn({ input: Float64Array.from(closes), length, output });
  return [...output];
}

/** The rule as `El`, `Es` and K closes, read off whole columns: apart from the code that streams. */
function columnTrends(closes: readonly number[], rule: EmaPairRule): (Trend | null)[] {
  const short = average(closes, rule.trendEmaShortLength);
  const long = average(closes, rule.trendEmaLongLength);
  const warmUp = Math.max(rule.trendEmaLongLength + 50, 210);
  return closes.map((_, row) => {
    if (row + 1 < warmUp) return null;
    const [es, el, before] = [short[row] ?? 0, long[row] ?? 0, long[row - 1] ?? 0];
    const newest = closes.slice(row + 1 - rule.trendConfirmCandles, row + 1);
    const beyond = (a: number, b: number) => a - b > 1e-12 * el;
    if (beyond(es, el) && beyond(el, before) && newest.every((close) => beyond(close, el))) return 'up';
    if (beyond(el, es) && beyond(before, el) && newest.every((close) => beyond(el, close))) return 'down';
    return 'neutral';
  });
}

describe('EmaPairTrend', () => {
  const quick: EmaPairRule = { trendEmaShortLength: 2, trendEmaLongLength: 5, trendConfirmCandles: 1 };
  for (const rule of [RULE, quick]) {
    const subject = {
      make: () => new EmaPairTrend(rule),
      inputs: (closes: readonly number[]) => closes,
      broken: Number.NaN,
      batch: (closes: readonly number[]) => columnTrends(closes, rule),
    };
    test.each(indicatorContract(subject))(`long average of ${rule.trendEmaLongLength}: $title`, ({ check }) =>
      check(),
    );
  }

  test('needs 210 candles, and 50 more than the long average', () => {
    expect(trendAfter(grown(249, 1.001))).toBeNull();
    expect(trendAfter(grown(250, 1.001))).toBe('up');
    expect(trendAfter(grown(209, 1.001), quick)).toBeNull();
    expect(trendAfter(grown(210, 1.001), quick)).toBe('up');
  });

  test('is down where price falls, and neutral where it stands', () => {
    expect(trendAfter(grown(300, 0.999))).toBe('down');
    expect(trendAfter(grown(300, 1))).toBe('neutral');
    expect(trendAfter(Array.from({ length: 900 }, () => 0.1 + 0.2))).toBe('neutral');
  });

  // After 300 rises of 0.1 % El stands near 122 and Es near 131, far below the close of 134.8.
  test('is neutral until as many closes as confirm lie beyond the long average', () => {
    const rising = grown(300, 1.001);
    const dip = [110];
    expect(trendAfter([...rising, ...dip])).toBe('neutral');
    expect(trendAfter([...rising, ...dip, 135, 135])).toBe('neutral');
    expect(trendAfter([...rising, ...dip, 135, 135, 135])).toBe('up');
    expect(trendAfter([...rising, ...dip, 135], { ...RULE, trendConfirmCandles: 1 })).toBe('up');
  });

  test('is neutral while the averages have not crossed, though price and slope agree', () => {
    const rule = { ...RULE, trendConfirmCandles: 2 };
    const turned = [...grown(300, 0.999), 100, 100];
    const [long = 0, before = 0] = [average(turned, 200).at(-1), average(turned, 200).at(-2)];
    expect(long).toBeGreaterThan(before);
    expect(long).toBeLessThan(100);
    expect(average(turned, 50).at(-1)).toBeLessThan(long);
    expect(trendAfter(turned, rule)).toBe('neutral');
  });

  test.each([0, -1, Number.POSITIVE_INFINITY])('stops on a close of %d', (close) => {
    expect(() => new EmaPairTrend(RULE).update(close)).toThrow('positive finite');
  });

  test('refuses a short average that is not the shorter', () => {
    expect(() => new EmaPairTrend({ ...RULE, trendEmaShortLength: 200 })).toThrow('fewer candles');
  });

  test('refuses a snapshot of another pair', () => {
    const stored = new EmaPairTrend(RULE).snapshot();
    expect(() => new EmaPairTrend({ ...RULE, trendEmaShortLength: 20 }).restore(stored)).toThrow('EMA(20)');
  });
});
