import { describe, expect, it } from 'vitest';
import { context, filterSettings } from '../../../test/scenario/entry-makers.ts';
import { entryMarket, seriesOf } from '../../../test/scenario/market-makers.ts';
import { CandleSeries } from '../domain/candle-series.ts';
import { liquidity } from './liquidity.ts';

describe('turnover', () => {
  it.each([
    [500_000, 'filter.liquidity.pass', 0],
    [499_999, 'filter.liquidity.thin', -1],
    [0, 'filter.liquidity.thin', -500_000],
  ])('judges %d USDT as %s', (turnover24h, code, margin) => {
    const judged = liquidity(context({ market: entryMarket({ turnover24h }) }));
    expect(judged).toMatchObject({ code, value: turnover24h, margin, unit: 'USDT' });
  });

  it('adds up the candles of the last day where no quote has told it', () => {
    const candles = seriesOf([9, 1, 2, 3, 4].map((volume) => ({ close: 100, volume })));
    const judged = liquidity(context({ market: entryMarket({ turnover24h: null }, { candles }) }));
    expect(judged).toMatchObject({ code: 'filter.liquidity.thin', value: 1000 });
  });

  it('takes a past of less than a day for the whole day', () => {
    const candles = seriesOf([
      { close: 100, volume: 2 },
      { close: 100, volume: 4 },
    ]);
    const judged = liquidity(context({ market: entryMarket({ turnover24h: null }, { candles }) }));
    expect(judged.value).toBe(1200);
  });

  it('vetoes what nothing is known of', () => {
    const market = entryMarket({ turnover24h: null }, { candles: new CandleSeries('6h') });
    expect(liquidity(context({ market })).code).toBe('filter.liquidity.unknown');
  });

  it('is off without a threshold', () => {
    const settings = filterSettings({ liquidityTurnoverMinUsdt: null });
    expect(liquidity(context({ settings })).code).toBe('filter.liquidity.off');
  });
});
