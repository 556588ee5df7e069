import { describe, expect, it } from 'vitest';
import { syntheticMarket } from './market/synthetic.ts';
import { type PublicTrade, PublicTrades } from './public-trades.ts';

const START_MS = 1_795_000_000_000;

describe('public trades', () => {
  it('are the same told step by step as asked for afterwards, one for every move of the price', () => {
    const market = syntheticMarket({ seed: 3, startMs: START_MS, candleScale: 'demo', instrumentCount: 4 });
    const trades = new PublicTrades(market);
    for (const instrument of market.instruments()) {
      const started = START_MS + 3_600_000 * (1 + market.instruments().indexOf(instrument));
      market.advance(started);
      const told: PublicTrade[] = [];
      let [nowMs, before] = [started, market.quote(instrument.id)?.lastPrice];
      let pathMs = nowMs;
      for (let step = 0; step < 300; step += 1) {
        nowMs += step % 7 === 0 ? 4000 : 1000;
        market.advance(nowMs);
        const fresh = trades.since(instrument, { sequence: told.at(-1)?.sequence ?? 0, fromMs: pathMs });
        const quote = market.quote(instrument.id);
        if (quote?.lastPrice !== before) expect(fresh).not.toEqual([]);
        told.push(...fresh);
        expect(told.at(-1)?.price ?? before).toBe(quote?.lastPrice);
        [before, pathMs] = [quote?.lastPrice, quote?.timeMs ?? pathMs];
      }
      expect(told.length).toBeGreaterThan(50);
      expect(trades.since(instrument, { sequence: 0, fromMs: started })).toEqual(told);
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    }
  });
});
