import { afterAll, describe, expect, it } from 'vitest';
import { randomScenario } from './random-scenario.ts';
import { runScenario } from './scenario-run.ts';

/** Seeds of every run of the tests; INFOBOT_VENUE_SWARM=from-to runs others, as many as one likes. */
const [FROM = 1, TO = 8] = (process.env['INFOBOT_VENUE_SWARM'] ?? '')
  .split('-')
  .filter((part) => part !== '')
  .map(Number);

describe('a swarm of random scenarios', { timeout: 60_000 }, () => {
  let struck = 0;
  it.each(Array.from({ length: TO - FROM + 1 }, (_, index) => FROM + index))(
    'loses no stop and doubles no order with seed %d',
    async (seed) => {
      const drawn = randomScenario(seed);
      const { breaches, strikes } = await runScenario(drawn);
      expect(breaches, drawn.scenario.purpose).toEqual([]);
      struck += strikes;
    },
  );

  // A few seeds draw nothing but faults of what is not asked for in their time.
  afterAll(() => expect(struck).toBeGreaterThan(0));
});
