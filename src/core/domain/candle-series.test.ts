import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candle } from './candle.ts';
import { CANDLES_KEPT_MAX, CandleSeries, type PriceColumns } from './candle-series.ts';

const HOUR_MS = 3_600_000;

/** The sound hourly candle number `index`, unlike its neighbours in every field. */
function candle(index: number, changed: Partial<Candle> = {}): Candle {
  const close = 100 + (index % 37);
  return {
    openTimeMs: index * HOUR_MS,
    open: close - 0.5,
    high: close + 1,
    low: close - 1,
    close,
    volume: index,
    ...changed,
  };
}

function candles(count: number, first = 0): Candle[] {
  return Array.from({ length: count }, (_, index) => candle(first + index));
}

function filled(count: number, capacity?: number): CandleSeries {
  const series = new CandleSeries('1h', capacity);
  for (const one of candles(count)) series.append(one);
  return series;
}

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;

function columnsOf(rows: readonly Candle[]): PriceColumns {
  const column = (name: (typeof COLUMNS)[number]) => Float64Array.from(rows, (row) => row[name]);
  const [open, high, low] = [column('open'), column('high'), column('low')];
  return { open, high, low, close: column('close'), volume: column('volume') };
}

/** By candle, by column and by cell alike. */
function expectRows(series: CandleSeries, rows: readonly Candle[]): void {
  expect(series.toCandles()).toEqual(rows);
  for (const name of COLUMNS) expect([...series[name]]).toEqual(rows.map((row) => row[name]));
  expect(rows.map((_, index) => series.openAt(index))).toEqual(rows.map(({ open }) => open));
  expect(rows.map((_, index) => series.closeAt(index))).toEqual(rows.map(({ close }) => close));
  expect(rows.map((_, index) => series.volumeAt(index))).toEqual(rows.map(({ volume }) => volume));
}

describe('CandleSeries', () => {
  test('is empty at first', () => {
    const series = new CandleSeries('1h');
    expect([series.length, series.firstOpenTimeMs, series.lastOpenTimeMs]).toEqual([0, null, null]);
    expect(series.toCandles()).toEqual([]);
    expect(series.close).toHaveLength(0);
  });

  test('gives back what was appended, oldest first', () => {
    const series = filled(200);
    expect(series.toCandles()).toEqual(candles(200));
    expect(series.at(0)).toEqual(candle(0));
    expect(series.at(199)).toEqual(candle(199));
    expect([series.firstOpenTimeMs, series.lastOpenTimeMs]).toEqual([0, 199 * HOUR_MS]);
  });

  test('takes the candle that follows and leaves any other untaken, without a change', () => {
    const series = filled(3);
    expect(series.take(candle(3))).toBe(true);
    const held = series.toCandles();
    for (const wrong of [candle(3), candle(2), candle(5), candle(4, { low: 1_000 })]) {
      expect(series.take(wrong)).toBe(false);
    }
    expect(series.toCandles()).toEqual(held);
    expect(new CandleSeries('1h').take(candle(1, { openTimeMs: 1 }))).toBe(false);
  });

  test('knows the close of its newest candle', () => {
    expect(new CandleSeries('1h').lastClose).toBeNull();
    expect(filled(5, 2).lastClose).toBe(candle(4).close);
  });

  test('keeps the newest 1,000 unless told otherwise', () => {
    const series = filled(CANDLES_KEPT_MAX + 777);
    expect(CANDLES_KEPT_MAX).toBe(1000);
    expect(series.toCandles()).toEqual(candles(1000, 777));
  });

  test('shows the same rows in its columns as in its candles, whatever came and went', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 400 }),
        (capacity, replaced, appended) => {
          const series = new CandleSeries('1h', capacity);
          series.replace(candles(replaced));
          for (const one of candles(appended, replaced)) series.append(one);
          const kept = candles(replaced + appended).slice(-capacity);
          expectRows(series, kept);
        },
      ),
    );
  });

  test('shows lent rows as its own, and goes on from a copy of them', () => {
    const lent = columnsOf(candles(120));
    const before = structuredClone(lent);
    const series = new CandleSeries('1h', 40);
    series.borrow(lent, { first: 10, end: 100, newestOpenTimeMs: 99 * HOUR_MS });
    expectRows(series, candles(40, 60));
    for (const one of candles(90, 100)) series.append(one);
    expectRows(series, candles(40, 150));
    expect(lent).toEqual(before);
    series.replace(candles(3));
    expectRows(series, candles(3));
  });

  test('has no cell outside its rows', () => {
    const series = filled(60, 50);
    for (const index of [-1, 50, 0.5, Number.NaN]) expect(series.closeAt(index)).toBeNaN();
  });

  test('hands out the newest few', () => {
    const series = filled(10);
    expect(series.toCandles(3)).toEqual(candles(3, 7));
    expect(series.toCandles(0)).toEqual([]);
    expect(series.toCandles(99)).toEqual(candles(10));
  });

  test.each([
    ['a gap', candle(12)],
    ['the newest candle again', candle(9)],
    ['a step back', candle(3)],
    ['half a step', candle(10, { openTimeMs: 9.5 * HOUR_MS })],
  ])('stops on %s and stays as it was', (_, wrong) => {
    const series = filled(10);
    expect(() => series.append(wrong)).toThrow('does not follow');
    expect(series.toCandles()).toEqual(candles(10));
  });

  test('stops on a first candle that is not aligned to its timeframe', () => {
    const series = new CandleSeries('1h');
    expect(() => series.append(candle(0, { openTimeMs: 60_000 }))).toThrow('does not follow');
  });

  test('stops on an unsound candle', () => {
    const series = filled(10);
    expect(() => series.append(candle(10, { close: Number.NaN }))).toThrow('not-finite');
    expect(() => series.append(candle(10, { high: 1 }))).toThrow('high-below-body');
  });

  test('replaces everything, also with nothing', () => {
    const series = filled(10);
    series.replace(candles(5, 100));
    expect(series.toCandles()).toEqual(candles(5, 100));
    series.replace([]);
    expect(series.lastOpenTimeMs).toBeNull();
    series.append(candle(7));
    expect(series.toCandles()).toEqual([candle(7)]);
  });

  test('stays as it was where it is shared, whatever comes after', () => {
    for (const capacity of [8, 40]) {
      const series = filled(9, capacity);
      const shared = series.shared();
      const then = series.toCandles();
      for (const one of candles(200, 9)) series.append(one);
      expect(shared.toCandles()).toEqual(then);
      expect(series.toCandles()).toEqual(candles(capacity, 209 - capacity));
    }
  });

  test('keeps what it had when the replacement has a hole', () => {
    const series = filled(10);
    expect(() => series.replace([candle(1), candle(3)])).toThrow('does not follow');
    expect(series.toCandles()).toEqual(candles(10));
  });

  test.each([-1, 10, 1.5, Number.NaN])('stops when asked for candle %d of ten', (index) => {
    expect(() => filled(10).at(index)).toThrow('outside');
  });
});
