import { describe, expect, it } from 'vitest';
import { context, filterSettings } from '../../../test/scenario/entry-makers.ts';
import { entryMarket, seriesOf } from '../../../test/scenario/market-makers.ts';
import { volatility } from './volatility.ts';

/** Every candle spans 98 to 102 around 100: an average true range of 4 %. */
const judged = (changes: object, length = 40) => {
  const candles = seriesOf(Array.from({ length }, () => ({ open: 100, close: 100, high: 102, low: 98 })));
  return volatility(context({ market: entryMarket({}, { candles }), settings: filterSettings(changes) }));
};

describe('the average true range', () => {
  it.each([
    [{ volatilityPctMin: 4 }, 'filter.volatility.pass', 0],
    [{ volatilityPctMin: 4.5 }, 'filter.volatility.low', -0.5],
    [{ volatilityPctMax: 4 }, 'filter.volatility.pass', 0],
    [{ volatilityPctMax: 3 }, 'filter.volatility.high', -1],
    [{ volatilityPctMin: 1, volatilityPctMax: 6 }, 'filter.volatility.pass', 2],
  ])('is judged by %j as %s', (changes, code, margin) => {
    expect(judged(changes)).toMatchObject({ code, value: 4, margin, unit: 'pct' });
  });

  it('is unknown with fewer than 30 candles, as it is of a price that has not moved', () => {
    expect(judged({ volatilityPctMax: 10 }, 29).code).toBe('filter.volatility.unknown');
    expect(judged({ volatilityPctMax: 10 }, 30).code).toBe('filter.volatility.pass');
  });

  it('is not asked for without a bound', () => {
    expect(judged({}).code).toBe('filter.volatility.off');
  });

  it('has bounds that leave room between them', () => {
    expect(() => filterSettings({ volatilityPctMin: 5, volatilityPctMax: 5 })).toThrow('volatilityPctMin');
  });
});
