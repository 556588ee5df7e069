import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RSI_VALUES_KEPT_MAX, RsiHistory } from './rsi-history.ts';

function historyOf(values: readonly number[]): RsiHistory {
  const history = new RsiHistory();
  for (const value of values) history.push(value);
  return history;
}

const rsiValues = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 700 });

describe('RsiHistory', () => {
  test('looks back from the newest value', () => {
    const history = historyOf([30, 40, 50]);
    expect([history.at(0), history.at(2), history.at(3)]).toEqual([50, 30, null]);
    expect([...history.last(2)]).toEqual([40, 50]);
    expect([...history.last(9)]).toEqual([30, 40, 50]);
    expect(historyOf([]).at(0)).toBeNull();
  });

  test('takes no value in warm-up', () => {
    expect(historyOf([Number.NaN, Number.NaN, 61]).snapshot()).toEqual([61]);
  });

  test('holds the newest values of any stream, in their order', () => {
    fc.assert(
      fc.property(rsiValues, fc.integer({ min: 0, max: 300 }), (values, count) => {
        const history = historyOf(values);
        const kept = values.slice(-RSI_VALUES_KEPT_MAX);
        expect(history.length).toBe(kept.length);
        expect([...history.last(count)]).toEqual(count === 0 ? [] : kept.slice(-count));
        expect(history.at(0)).toBe(values.at(-1) ?? null);
        expect(history.valueAt(count)).toBe(history.at(count) ?? Number.NaN);
      }),
    );
  });

  test('goes on bit-equal from a snapshot in JSON, over what was there before', () => {
    fc.assert(
      fc.property(rsiValues, rsiValues, (before, after) => {
        const original = historyOf(before);
        const copy = historyOf([1, 2, 3]);
        copy.restore(JSON.parse(JSON.stringify(original.snapshot())));
        for (const value of after) {
          original.push(value);
          copy.push(value);
        }
        expect(copy.snapshot()).toEqual(original.snapshot());
      }),
    );
  });

  test('refuses a snapshot that no history can have written', () => {
    const history = new RsiHistory();
    expect(() => history.restore(Array.from({ length: 257 }, () => 50))).toThrow('no more values');
    expect(() => history.restore([101])).toThrow('0..100');
    expect(() => history.restore([Number.NaN])).toThrow('0..100');
  });

  test('refuses to look into the future', () => {
    expect(() => historyOf([50]).at(-1)).toThrow('into the past');
  });
});
