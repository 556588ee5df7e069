import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trend } from '../domain/trend.ts';
import { indicatorContract, randomCloses } from '../indicator/indicator-contract.ts';
import { type PriceActionRule, PriceActionTrend } from './price-action-trend.ts';

const RULE: PriceActionRule = { trendLength: 30, trendChangePct: 7, trendSharePct: 55 };

function trendAfter(closes: readonly number[], rule: PriceActionRule = RULE): Trend | null {
  const state = new PriceActionTrend(rule);
  for (const close of closes) state.update(close);
  return state.value;
}

/** 30 closes from 100 to `last`: `rises` steps up, then the other 29 down; those against the move are tiny. */
function walk(last: number, rises: number): number[] {
  const tiny = 0.01;
  const falls = 29 - rises;
  const rise = last >= 100 ? (last - 100 + falls * tiny) / rises : tiny;
  const fall = last >= 100 ? tiny : (100 - last + rises * tiny) / falls;
  return Array.from({ length: 30 }, (_, index) => {
    return 100 + Math.min(index, rises) * rise - Math.max(index - rises, 0) * fall;
  });
}

/** The rule over the newest window, counted afresh: apart from the code that slides. */
function counted(closes: readonly number[], rule: PriceActionRule): Trend | null {
  const window = closes.slice(-rule.trendLength);
  const first = window[0];
  const last = window.at(-1);
  if (first === undefined || last === undefined || window.length < rule.trendLength) return null;
  const steps = window.slice(1).map((close, row) => close - (window[row] ?? Number.NaN));
  const sharePct = (sign: number) =>
    (steps.filter((step) => Math.sign(step) === sign).length / steps.length) * 100;
  const changePct = ((last - first) / first) * 100;
  if (changePct >= rule.trendChangePct && sharePct(1) >= rule.trendSharePct) return 'up';
  if (changePct <= -rule.trendChangePct && sharePct(-1) >= rule.trendSharePct) return 'down';
  return 'neutral';
}

describe('PriceActionTrend', () => {
  const loose: PriceActionRule = { trendLength: 9, trendChangePct: 1, trendSharePct: 50 };
  for (const rule of [RULE, loose]) {
    const subject = {
      make: () => new PriceActionTrend(rule),
      inputs: (closes: readonly number[]) => closes,
      broken: Number.NaN,
      batch: (closes: readonly number[]) => closes.map((_, row) => counted(closes.slice(0, row + 1), rule)),
    };
    test.each(indicatorContract(subject))(`over ${rule.trendLength} closes: $title`, ({ check }) => check());
  }

  test.each([
    { title: 'up: far enough, and most steps rise', closes: walk(108, 16), trend: 'up' },
    { title: 'neutral: not far enough, though every step rises', closes: walk(106, 29), trend: 'neutral' },
    { title: 'neutral: far enough in few jumps', closes: walk(120, 15), trend: 'neutral' },
    { title: 'neutral: rises most of the time and still ends lower', closes: walk(90, 22), trend: 'neutral' },
    { title: 'neutral: no move at all', closes: Array.from({ length: 30 }, () => 5), trend: 'neutral' },
  ])('is $title', ({ closes, trend }) => {
    expect(trendAfter(closes)).toBe(trend);
  });

  test('is down where the mirrored market is up', () => {
    const falling = walk(108, 16).map((close) => 200 - close);
    expect(trendAfter(falling)).toBe('down');
    expect(trendAfter(walk(106, 29).map((close) => 200 - close))).toBe('neutral');
  });

  test('is null with one close too few', () => {
    expect(trendAfter(walk(120, 29).slice(1))).toBeNull();
  });

  test('forgets closes older than its window', () => {
    expect(trendAfter([...randomCloses(5, 90), ...walk(108, 16)])).toBe('up');
  });

  test('takes a change and a share that just reach the threshold', () => {
    const rule: PriceActionRule = { trendLength: 5, trendChangePct: 25, trendSharePct: 75 };
    expect(trendAfter([100, 110, 105, 120, 125], rule)).toBe('up');
    expect(trendAfter([100, 110, 105, 120, 124], rule)).toBe('neutral');
    expect(trendAfter([100, 110, 105, 105, 125], rule)).toBe('neutral');
  });

  test('counts the same by sliding as by looking at the whole window', () => {
    const prices = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 5, maxLength: 60 });
    const lengths = fc.integer({ min: 2, max: 12 });
    fc.assert(
      fc.property(
        prices,
        lengths,
        fc.integer({ min: 50, max: 100 }),
        (closes, trendLength, trendSharePct) => {
          const rule = { trendLength, trendChangePct: 2, trendSharePct };
          expect(trendAfter(closes, rule)).toBe(counted(closes, rule));
        },
      ),
    );
  });

  test.each([0, -1, Number.POSITIVE_INFINITY])('stops on a close of %d', (close) => {
    expect(() => new PriceActionTrend(RULE).update(close)).toThrow('positive finite');
  });

  test('refuses a snapshot longer than its window', () => {
    expect(() => new PriceActionTrend(loose).restore({ closes: randomCloses(1, 10) })).toThrow(
      'no more closes',
    );
  });
});
