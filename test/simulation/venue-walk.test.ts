import { describe, expect, it } from 'vitest';
import { walkVenue } from './venue-walk.ts';

describe('a venue walked through orders, prices, faults and kills', () => {
  it('keeps its money, its names and its books, whatever strikes', async () => {
    for (const seed of [1, 7]) {
      await walkVenue({ seed, steps: 500, faultsPerMille: 40, restartsPerMille: 6 });
    }
  });

  it('goes on after kills as if there had been none', async () => {
    const walk = { seed: 3, steps: 500, faultsPerMille: 0 };
    const whole = await walkVenue({ ...walk, restartsPerMille: 0 });
    const killed = await walkVenue({ ...walk, restartsPerMille: 30 });
    expect(killed.restarts).toBeGreaterThan(3);
    expect(killed.trace).toBe(whole.trace);
  });

  it('meets every kind of trouble', async () => {
    const walk = { seed: 5, steps: 1000, faultsPerMille: 40, restartsPerMille: 2 };
    const { takeOvers, deleveragings, deliveries, fundings, strikes, restarts } = await walkVenue(walk);
    expect(Math.min(takeOvers, deleveragings, deliveries, fundings, strikes, restarts)).toBeGreaterThan(0);
  });
});
