import { afterAll, describe, expect, it } from 'vitest';
import { overlong, runStorm, STORMS, type StormResult } from './stop-storm.ts';

/** One seed of each storm; INFOBOT_STOP_STORM=from-to runs others, as many as one likes. */
const [FROM = 0, TO = 9] = (process.env['INFOBOT_STOP_STORM'] ?? '')
  .split('-')
  .filter((part) => part !== '')
  .map(Number);
/** While the exchange answers and takes stops, nearly every one is back by then. */
const NAKED_MS_USUAL = 3_000;

describe('storms about stops, judged by the books of the venue', { timeout: 60_000 }, () => {
  const results: StormResult[] = [];

  it.each(Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index))(
    'leave no position without a stop for long, and loosen none, with seed %d',
    async (seed) => {
      const result = await runStorm(seed);
      results.push(result);
      expect(result.heldMs, result.storm).toBeGreaterThan(0);
      expect(result.breaches, result.storm).toEqual([]);
      expect(overlong(result), result.storm).toEqual([]);
    },
  );

  afterAll(() => {
    const gapsMs = results.filter(({ storm }) => STORMS[storm] === 'open').flatMap((result) => result.gapsMs);
    const sorted = gapsMs.toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(0);
    expect(sorted[Math.ceil(sorted.length * 0.99) - 1]).toBeLessThanOrEqual(NAKED_MS_USUAL);
    expect(results.some(({ flattened }) => flattened > 0)).toBe(true);
  });
});
