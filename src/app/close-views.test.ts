import { describe, expect, it } from 'vitest';
import { close, instrumentAtClose } from '../../test/conformance/store-rows.ts';
import { BTC, ETH, SOL } from '../../test/scenario/story.ts';
import { changesBetween, coinClose, funnelStages } from './close-views.ts';

describe('a coin at a close', () => {
  it('tells the distance to the nearer level, and none in warm-up', () => {
    const at = (rsi: number | null) => {
      const row = instrumentAtClose({ rsi, rsiLongMax: 30, rsiShortMin: 70 });
      return coinClose({ ...row, closeTimeMs: 1, timeframe: '6h' }).distance;
    };
    expect([at(34), at(69), at(25), at(null)]).toEqual([4, 1, -5, null]);
  });
});

describe('what changed between two closes', () => {
  it('is an outcome, a signal or a blocker, and no number', () => {
    const before = close(1, [
      instrumentAtClose({ instrumentId: BTC, rsi: 40, blockers: ['a', 'b'] }),
      instrumentAtClose({ instrumentId: ETH, rsi: 31 }),
      instrumentAtClose({ instrumentId: SOL, blockers: ['a', 'b'] }),
    ]);
    const now = close(2, [
      instrumentAtClose({ instrumentId: BTC, rsi: 50, close: 1, dataAgeMs: 9, blockers: ['b', 'a'] }),
      instrumentAtClose({ instrumentId: ETH, rsi: 29, signal: 'enter-long', outcome: 'candidate' }),
      instrumentAtClose({ instrumentId: SOL, blockers: ['b', 'c'] }),
    ]);
    const changes = changesBetween(before, now);
    expect(changes.map(({ symbol }) => symbol)).toEqual(['ETHUSDT', 'SOLUSDT']);
    expect(changes[0]).toMatchObject({
      before: { outcome: 'no-signal', closeTimeMs: before.closeTimeMs },
      now: { outcome: 'candidate', closeTimeMs: now.closeTimeMs },
      appeared: [],
      gone: [],
    });
    expect(changes[1]).toMatchObject({ appeared: ['c'], gone: ['a'] });
  });

  it('is also a coin that came or went', () => {
    const here = instrumentAtClose({ instrumentId: BTC });
    const left = instrumentAtClose({ instrumentId: ETH, blockers: ['a'] });
    const came = instrumentAtClose({ instrumentId: SOL, blockers: ['b'] });
    expect(changesBetween(close(1, [here, left]), close(2, [here, came]))).toMatchObject([
      { symbol: 'ETHUSDT', now: null, gone: ['a'] },
      { symbol: 'SOLUSDT', before: null, appeared: ['b'] },
    ]);
  });
});

describe('the funnel of a close', () => {
  it('counts at each stage those that came through all stages before it', () => {
    const signal = { signal: 'enter-long', outcome: 'vetoed' } as const;
    const stages = funnelStages(
      close(1, [
        instrumentAtClose({ close: null, rsi: null, dataAgeMs: null }),
        instrumentAtClose({ dataAgeMs: 6 * 3_600_000, ...signal, outcome: 'ordered', rank: 1 }),
        instrumentAtClose({ rsi: null }),
        instrumentAtClose(),
        instrumentAtClose({ ...signal, blockers: ['filter.trend.down'] }),
        instrumentAtClose({ ...signal, outcome: 'refused', blockers: ['engine.entry.no-bot'] }),
        instrumentAtClose({ ...signal, outcome: 'no-slot', rank: 2 }),
        instrumentAtClose({ ...signal, outcome: 'ordered', rank: 1 }),
      ]),
    );
    expect(stages).toEqual([
      { stage: 'known', coins: 8 },
      { stage: 'fresh', coins: 6 },
      { stage: 'warm', coins: 5 },
      { stage: 'signal', coins: 4 },
      { stage: 'unfiltered', coins: 3 },
      { stage: 'admitted', coins: 2 },
      { stage: 'ordered', coins: 1 },
    ]);
  });
});
