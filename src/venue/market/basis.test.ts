import { describe, expect, it } from 'vitest';
import { Basis } from './basis.ts';
import { syntheticMarket } from './synthetic.ts';

describe('the basis', () => {
  it('swings to both sides within three hundredths of a percent, the same for the same seed', () => {
    for (const seed of [1, 2, 3]) {
      const basis = new Basis(seed);
      const swing = Array.from({ length: 5400 }, (_, at) => basis.at(at));
      expect(Math.max(...swing)).toBeGreaterThan(0.00005);
      expect(Math.min(...swing)).toBeLessThan(-0.00005);
      expect(Math.max(...swing.map(Math.abs))).toBeLessThanOrEqual(0.0003);
      expect(new Basis(seed).at(1234)).toBe(basis.at(1234));
    }
  });

  it('sets index and mark price of a market apart from the last price, the mark price less', () => {
    const startMs = 1_795_000_000_000;
    const market = syntheticMarket({ seed: 5, startMs, candleScale: 'real', instrumentCount: 10 });
    let [index, mark, count] = [0, 0, 0];
    for (let second = 0; second < 600; second += 10) {
      market.advance(startMs + second * 1000);
      for (const { id } of market.instruments()) {
        const quote = market.quote(id);
        if (quote === null) continue;
        index += Math.abs(quote.indexPrice / quote.lastPrice - 1);
        mark += Math.abs(quote.markPrice / quote.lastPrice - 1);
        count += 1;
      }
    }
    expect(index / count).toBeGreaterThan(0.00002);
    expect(index / count).toBeLessThan(0.002);
    expect(mark).toBeLessThan(index);
  });
});
