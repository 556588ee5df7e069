import { expect, it } from 'vitest';
import { searchOptimalEma } from '../../src/backtest/optimal-ema/optimal-ema.ts';
import type { EmaSearchResult } from '../../src/backtest/optimal-ema/result.ts';
import { ruleOf } from '../fixture/searched-candles.ts';
import { RECORDED, recordedMarket } from './recorded-walk.ts';

const DATA_FOLDER = process.env['INFOBOT_TEST_DATA'] ?? '../shared';

it.each(RECORDED)('$name: pairs are searched with sound evidence, and hindsight flatters', async (market) => {
  const { instruments } = await recordedMarket(DATA_FOLDER, market.folder);
  const results = instruments.map(({ decided }) => searchOptimalEma(decided, ruleOf()));
  for (const [place, result] of results.entries()) {
    expect(numbersOf(result).every(Number.isFinite), instruments[place]?.instrument.id).toBe(true);
    expect(result.evidence.candles).toBe(instruments[place]?.decided.count);
    if (result.verdict === 'better') expect(result.evidence.gainInterval?.low).toBeGreaterThan(0);
  }
  const judged = results.filter(({ verdict }) => verdict !== 'not-enough');
  const better = judged.filter(({ verdict }) => verdict === 'better');
  // No claim on any coin: only that the search does not find gold everywhere, as one that trusts hindsight does.
  expect(better.length).toBeLessThanOrEqual(Math.max(3, judged.length * 0.2));
  expect(meanOf(judged, 'inSample')).toBeGreaterThan(meanOf(judged, 'outOfSample'));
  const [first] = instruments;
  if (first === undefined) throw new Error('The folder holds instruments.');
  expect(searchOptimalEma(first.decided, ruleOf())).toEqual(results[0]);
});

function meanOf(results: readonly EmaSearchResult[], of: 'inSample' | 'outOfSample'): number {
  const means = results.map(({ evidence }) => evidence[of].meanReturnPct ?? 0);
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}

/** Every number anywhere in a result. */
function numbersOf(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}
