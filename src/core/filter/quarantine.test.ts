import { describe, expect, it } from 'vitest';
import { context, filterSettings, NEWEST_OPEN_MS } from '../../../test/scenario/entry-makers.ts';
import { entryMarket, seriesOf } from '../../../test/scenario/market-makers.ts';
import { CANDLE_MS } from '../../../test/scenario/story.ts';
import { quarantine } from './quarantine.ts';

const NOW_MS = NEWEST_OPEN_MS + CANDLE_MS;

/** Times of faults as candles before now. */
const faulty = (agos: readonly number[], changes = {}) =>
  quarantine(
    context({
      timeMs: NOW_MS,
      market: entryMarket({}, { faultsMs: agos.map((ago) => NOW_MS - ago * CANDLE_MS) }),
      settings: filterSettings(changes),
    }),
  );

describe('the quarantine', () => {
  it('takes in an instrument with its third fault and keeps it 14 candles from then on', () => {
    expect(faulty([5, 3]).kind).toBe('pass');
    expect(faulty([5, 3, 1])).toMatchObject({
      code: 'filter.quarantine.waiting',
      value: 13 * CANDLE_MS,
      margin: -13 * CANDLE_MS,
      unit: 'ms',
    });
    expect(faulty([20, 16, 14])).toMatchObject({ code: 'filter.quarantine.pass', value: 0, margin: 0 });
    expect(faulty([20, 16, 13.5]).kind).toBe('veto');
  });

  it('counts faults that lie within 24 candles of each other', () => {
    expect(faulty([25, 3, 1]).kind).toBe('veto');
    expect(faulty([25.1, 3, 1]).kind).toBe('pass');
  });

  it('remembers the newest series of faults although a lone one came later', () => {
    expect(faulty([40, 39, 8, 7, 6])).toMatchObject({ value: 8 * CANDLE_MS });
    expect(faulty([9, 8, 7, 1], { quarantineCandles: 3 })).toMatchObject({ value: 7 * CANDLE_MS });
  });

  it('counts candles that opened far from the close before as faults', () => {
    const jumping = (open: number) =>
      seriesOf(Array.from({ length: 100 }, (_, at) => ({ open: at % 4 === 3 ? open : 100, close: 100 })));
    const judged = (open: number) =>
      quarantine(context({ market: entryMarket({}, { candles: jumping(open) }) }));
    expect(judged(120).kind).toBe('pass');
    expect(judged(120.1)).toMatchObject({ kind: 'veto', value: 13 * CANDLE_MS });
    expect(judged(79).kind).toBe('veto');
  });

  it('adds jumps to refused candles', () => {
    const candles = seriesOf([
      ...Array.from({ length: 50 }, () => ({ close: 100 })),
      { open: 130, close: 100 },
    ]);
    const faultsMs = [NOW_MS - 3 * CANDLE_MS, NOW_MS - 2 * CANDLE_MS];
    const both = context({ timeMs: NOW_MS, market: entryMarket({}, { candles, faultsMs }) });
    expect(quarantine(both).kind).toBe('veto');
  });

  it('says that it is off', () => {
    expect(faulty([3, 2, 1], { quarantineEnabled: false }).code).toBe('filter.quarantine.off');
  });
});
