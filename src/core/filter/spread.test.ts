import { describe, expect, it } from 'vitest';
import { context, filterSettings, NEWEST_OPEN_MS } from '../../../test/scenario/entry-makers.ts';
import { entryMarket } from '../../../test/scenario/market-makers.ts';
import { CANDLE_MS } from '../../../test/scenario/story.ts';
import type { EntryMarket } from './entry-readings.ts';
import { spread } from './spread.ts';

const NOW_MS = NEWEST_OPEN_MS + CANDLE_MS;
const quoted = (quote: Partial<EntryMarket>, quotesGiven = true) =>
  spread(context({ timeMs: NOW_MS, market: entryMarket(quote), quotesGiven }));

describe('bid and ask', () => {
  it('may be 0.2 % of their middle apart', () => {
    expect(quoted({ bidPrice: 999.001, askPrice: 1000.999 })).toMatchObject({ code: 'filter.spread.pass' });
    const wide = quoted({ bidPrice: 998, askPrice: 1002 });
    expect(wide).toMatchObject({ code: 'filter.spread.wide', threshold: 0.2, unit: 'pct' });
    expect(wide.value).toBeCloseTo(0.4, 12);
    expect(wide.margin).toBeCloseTo(-0.2, 12);
  });

  it.each([
    ['no bid', { bidPrice: null }],
    ['no ask', { askPrice: null }],
    ['a crossed book', { bidPrice: 101, askPrice: 100 }],
    ['a bid of nothing', { bidPrice: 0 }],
    ['a quote older than a minute', { priceMs: NOW_MS - 60_001 }],
    ['no quote ever', { priceMs: 0, bidPrice: null, askPrice: null }],
  ])('vetoes %s', (_, quote) => {
    expect(quoted(quote).code).toBe('filter.spread.unknown');
  });

  it('skips a market that tells no quotes, and says so', () => {
    const silent = quoted({ bidPrice: null, askPrice: null }, false);
    expect(silent).toMatchObject({ kind: 'skipped', code: 'filter.spread.not-quoted', value: null });
  });

  it('is off without a threshold', () => {
    const settings = filterSettings({ spreadPctMax: null });
    expect(spread(context({ settings })).code).toBe('filter.spread.off');
  });
});
