import { describe, expect, it } from 'vitest';
import { context, filterSettings } from '../../../test/scenario/entry-makers.ts';
import { entryMarket, seriesOf } from '../../../test/scenario/market-makers.ts';
import type { EntrySeries } from './entry-readings.ts';
import { exitScam } from './exit-scam.ts';

const CALM = { open: 100, close: 100 };

function judged(
  bodies: readonly { open: number; close: number }[],
  settings = {},
  series: Partial<EntrySeries> = {},
) {
  const candles = seriesOf([...Array.from({ length: 20 }, () => CALM), ...bodies]);
  const market = entryMarket({}, { candles, ...series });
  return exitScam(context({ market, settings: filterSettings(settings) }));
}

describe('a pump or a dump', () => {
  it.each([
    ['a rise of exactly 15 %', [{ open: 100, close: 115 }], 'filter.exit-scam.pass', 0],
    ['a fall of exactly 15 %', [{ open: 100, close: 85 }], 'filter.exit-scam.pass', 0],
    ['a rise beyond it', [{ open: 100, close: 116 }], 'filter.exit-scam.candle', -1],
    ['a fall beyond it', [{ open: 100, close: 84 }], 'filter.exit-scam.candle', -1],
  ])('judges %s in one candle', (_, bodies, code, margin) => {
    expect(judged(bodies)).toMatchObject({ code, threshold: 15, margin, unit: 'pct' });
  });

  it('looks back on 8 candles and no further', () => {
    const pumped = { open: 100, close: 120 };
    const followedBy = (count: number) => [pumped, ...Array.from({ length: count }, () => CALM)];
    expect(judged(followedBy(7)).code).toBe('filter.exit-scam.candle');
    expect(judged(followedBy(8)).code).toBe('filter.exit-scam.pass');
  });

  it('adds up the newest 4 candles, each of them calm by itself', () => {
    const steps = (last: number) => [
      { open: 100, close: 112 },
      { open: 112, close: 125 },
      { open: 125, close: 140 },
      { open: 140, close: last },
    ];
    expect(judged(steps(150))).toMatchObject({ code: 'filter.exit-scam.pass', value: 50, margin: 0 });
    expect(judged(steps(151))).toMatchObject({ code: 'filter.exit-scam.move', value: 51, margin: -1 });
  });

  it('shows of two measures the one nearer to its threshold', () => {
    expect(judged([{ open: 100, close: 109 }])).toMatchObject({ threshold: 15 });
    const climb = [100, 110, 120, 131].map((open, at) => ({ open, close: [110, 120, 131, 144][at] ?? 0 }));
    expect(judged(climb)).toMatchObject({ value: 44, threshold: 50, margin: 6 });
  });

  it('passes nothing on fewer candles than it looks at', () => {
    const market = entryMarket({}, { candles: seriesOf(Array.from({ length: 7 }, () => CALM)) });
    expect(exitScam(context({ market }))).toMatchObject({
      code: 'filter.exit-scam.too-few',
      margin: -1,
    });
  });

  it('takes the learned thresholds when learning is on, and shows them', () => {
    const learnedExitScam = () => ({ candles: 9, singlePct: 3, multiCandles: 3, multiPct: 5 });
    const body = [{ open: 100, close: 104 }];
    expect(judged(body, {}, { learnedExitScam }).kind).toBe('pass');
    expect(judged(body, { exitScamAutoLearnEnabled: true }, { learnedExitScam })).toMatchObject({
      code: 'filter.exit-scam.candle',
      threshold: 3,
    });
  });

  it('falls back on the settings where the past is too short to learn from', () => {
    const settings = { exitScamAutoLearnEnabled: true };
    expect(judged([{ open: 100, close: 104 }], settings)).toMatchObject({ kind: 'pass', threshold: 15 });
  });

  it('says that it is off', () => {
    expect(judged([{ open: 100, close: 200 }], { exitScamEnabled: false }).code).toBe('filter.exit-scam.off');
  });
});
