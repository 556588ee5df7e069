import { describe, expect, it } from 'vitest';
import { context, filterSettings, NEWEST_OPEN_MS, signal } from '../../../test/scenario/entry-makers.ts';
import { entryMarket } from '../../../test/scenario/market-makers.ts';
import { BTC, CANDLE_MS, instrument } from '../../../test/scenario/story.ts';
import { fundingCost } from './funding-cost.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = NEWEST_OPEN_MS + CANDLE_MS;

function judged(
  fundingRate: number | null,
  kind: 'enter-long' | 'enter-short' | 'wait',
  { hours = 8, priceMs = NOW_MS, fundingGiven = true, settings = {} } = {},
) {
  return fundingCost(
    context({
      timeMs: NOW_MS,
      signal: signal({ kind }),
      instrument: instrument(BTC, { fundingIntervalMs: hours * HOUR_MS }),
      market: entryMarket({ fundingRate, priceMs }),
      fundingGiven,
      settings: filterSettings(settings),
    }),
  );
}

describe('funding', () => {
  it.each([
    [0.001, 'enter-long', 8, [0.3, 'pass']],
    [0.0011, 'enter-long', 8, [0.33, 'high']],
    [0.0011, 'enter-short', 8, [-0.33, 'pass']],
    [-0.0011, 'enter-short', 8, [0.33, 'high']],
    [0.0011, 'enter-long', 24, [0.11, 'pass']],
    [0.0002, 'enter-long', 1, [0.48, 'high']],
    [0, 'enter-short', 8, [0, 'pass']],
  ] as const)('of %d costs %s every %d h what it must', (rate, kind, hours, [paidPct, word]) => {
    const verdict = judged(rate, kind, { hours });
    expect(verdict).toMatchObject({ code: `filter.funding-cost.${word}`, threshold: 0.3, unit: 'pct' });
    expect(verdict.value).toBeCloseTo(paidPct, 12);
  });

  it('is unknown without a rate and once the rate is older than an interval', () => {
    expect(judged(null, 'enter-long').code).toBe('filter.funding-cost.unknown');
    const old = { priceMs: NOW_MS - 8 * HOUR_MS - 1 };
    expect(judged(0.0001, 'enter-long', old).code).toBe('filter.funding-cost.unknown');
    expect(judged(0.0001, 'enter-long', { hours: 0 }).code).toBe('filter.funding-cost.unknown');
  });

  it('is skipped, visibly, where the market tells none', () => {
    const silent = judged(null, 'enter-long', { fundingGiven: false });
    expect(silent).toMatchObject({ kind: 'skipped', code: 'filter.funding-cost.not-told' });
  });

  it('is not asked for without a threshold or a direction', () => {
    const off = judged(1, 'enter-long', { settings: { fundingPctMaxPerDay: null } });
    expect(off.code).toBe('filter.funding-cost.off');
    expect(judged(1, 'wait').code).toBe('filter.funding-cost.pass');
  });
});
