import { describe, expect, it } from 'vitest';
import { context, filterSettings, signal } from '../../../test/scenario/entry-makers.ts';
import { entryMarket, rsiHistoryOf } from '../../../test/scenario/market-makers.ts';
import { type RsiTimeRule, readRsiTime, rsiTime } from './rsi-time.ts';

const LONG: RsiTimeRule = { direction: 'long', extreme: 29, calm: 35, candles: 7, strict: false };
const SHORT: RsiTimeRule = { direction: 'short', extreme: 71, calm: 65, candles: 7, strict: false };
const QUIET = Array.from({ length: 30 }, () => 50);
const TEN_CALM = [30, 31, 32, 33, 34, 30, 31, 32, 33, 34];

describe('the strict window of 7 values, by its golden table', () => {
  it.each([
    ['allows a calm that began exactly 6 ago', LONG, [28, 31, 33, 30, 34, 32, 28.5], ['calm', 6, 7]],
    ['waits one candle earlier', LONG, [40, 28, 31, 33, 30, 34, 28], ['wait', 5, 6]],
    ['knows no extreme that is 10 ago', LONG, [28, ...TEN_CALM], ['no-extreme', null, 0]],
    ['misses the entry after 36', LONG, [28, 31, 36, 30, 30, 30, 28], ['missed', 6, 6]],
    ['allows seven extremes', LONG, [20, 20, 20, 20, 20, 20, 20], ['calm', 6, 7]],
    ['mirrors for a short', SHORT, [72, 70, 66, 68, 69, 70, 72], ['calm', 6, 7]],
  ] as const)('%s', (_, rule, tail, expected) => {
    const [kind, extremeCandlesAgo, calmCandles] = expected;
    const reading = readRsiTime([...QUIET, ...tail], { ...rule, strict: true });
    expect(reading).toMatchObject({ kind, extremeCandlesAgo, calmCandles });
  });
});

describe('the search over three windows', () => {
  it.each([
    ['allows the same calm', LONG, [28, 31, 33, 30, 34, 32, 28.5], ['calm', 6, 7]],
    ['waits the same candle', LONG, [40, 28, 31, 33, 30, 34, 28], ['wait', 5, 6]],
    ['remembers an extreme that is 10 ago', LONG, [28, ...TEN_CALM], ['calm', 10, 11]],
    ['begins again with the extreme after 36', LONG, [28, 31, 36, 30, 30, 30, 28], ['wait', 0, 1]],
    ['allows seven extremes', LONG, [20, 20, 20, 20, 20, 20, 20], ['calm', 6, 7]],
    ['mirrors for a short', SHORT, [72, 70, 66, 68, 69, 70, 72], ['calm', 6, 7]],
    ['misses the entry until a new extreme comes', LONG, [28, 31, 36, 30, 30, 30], ['missed', null, 0]],
    ['takes the border of the calm for calm', LONG, [29, 35, 35, 35, 35, 35, 29], ['calm', 6, 7]],
    ['takes anything beyond the border for a break', LONG, [28, 35.01, 30, 30, 30, 30, 29], ['wait', 0, 1]],
    ['takes what is no number for a break', LONG, [28, 30, Number.NaN, 30, 30, 30, 28], ['wait', 0, 1]],
    [
      'forgets an extreme older than 21 candles',
      LONG,
      [28, ...TEN_CALM, ...TEN_CALM, 31],
      ['no-extreme', null, 0],
    ],
    ['remembers one 20 candles old', LONG, [28, ...TEN_CALM, ...TEN_CALM], ['calm', 20, 21]],
  ] as const)('%s', (_, rule, tail, expected) => {
    const [kind, extremeCandlesAgo, calmCandles] = expected;
    expect(readRsiTime([...QUIET, ...tail], rule)).toMatchObject({ kind, extremeCandlesAgo, calmCandles });
  });
});

describe('the verdict', () => {
  const judged = (tail: readonly number[], changes = {}, before = 40) =>
    rsiTime(
      context({
        market: entryMarket({}, { rsiHistory: rsiHistoryOf(tail, before) }),
        settings: filterSettings({ rsiTimeCandles: 7, ...changes }),
      }),
    );

  it('counts the calm in candles', () => {
    expect(judged([28, 31, 33, 30, 34, 32, 28.5])).toMatchObject({
      code: 'filter.rsi-time.pass',
      value: 7,
      threshold: 7,
      margin: 0,
      unit: 'candles',
    });
    expect(judged([28, 31])).toMatchObject({ code: 'filter.rsi-time.wait', value: 2, margin: -5 });
  });

  it('names the RSI that ended the calm, and the one nearest to the extreme', () => {
    const missed = judged([28, 31, 36, 30, 30, 30, 28], { rsiTimeStrict: true });
    expect(missed).toMatchObject({ code: 'filter.rsi-time.missed', value: 36, threshold: 35, margin: -1 });
    expect(judged([33, 31, 32])).toMatchObject({
      code: 'filter.rsi-time.no-extreme',
      value: 31,
      threshold: 29,
      margin: -2,
      unit: 'RSI',
    });
  });

  it('asks for enough RSI values', () => {
    expect(judged([28], {}, 28)).toMatchObject({ code: 'filter.rsi-time.too-few', value: 29, margin: -1 });
    expect(judged([28], {}, 29).code).toBe('filter.rsi-time.wait');
    const long = { rsiTimeCandles: 20 };
    expect(judged([28], long, 58)).toMatchObject({ code: 'filter.rsi-time.too-few', threshold: 60 });
    expect(judged([28], { ...long, rsiTimeStrict: true }, 50)).toMatchObject({ threshold: 54 });
  });

  it('lets a switched-off filter and a signal without a direction go on', () => {
    expect(judged([50], { rsiTimeEnabled: false }).code).toBe('filter.rsi-time.off');
    expect(rsiTime(context({ signal: signal({ kind: 'wait' }) })).code).toBe('filter.rsi-time.pass');
  });
});
