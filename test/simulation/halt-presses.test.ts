import { describe, expect, it } from 'vitest';
import { MOMENTS, runPresses } from './halt-presses.ts';

/** Two worlds of one press a moment; INFOBOT_HALT_PRESSES=from-to runs others, as many as one likes. */
const [FROM = 0, TO = 1] = (process.env['INFOBOT_HALT_PRESSES'] ?? '')
  .split('-')
  .filter((part) => part !== '')
  .map(Number);

describe('the kill switch at random moments, judged by the wire and the books of the venue', {
  timeout: 120_000,
}, () => {
  it.each(Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index))(
    'ends entries within two seconds and clears the book within thirty, with seed %d',
    async (seed) => {
      const run = await runPresses(seed, MOMENTS.length);
      expect(run.breaches).toEqual([]);
      expect(run.resting, 'presses that found entries at rest').toBeGreaterThan(0);
      expect(run.closed, 'exits while halted').toBeGreaterThan(0);
    },
  );
});
