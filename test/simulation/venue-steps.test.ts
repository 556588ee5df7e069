import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkVenueSteps } from './venue-steps.ts';

describe('the money of the venue', () => {
  it('adds up, and no account outlives its margin, over random orders, prices, fundings and transfers', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        walkVenueSteps(seed, 800);
      }),
      { numRuns: 4 },
    );
  });

  it('is walked through every kind of trouble', () => {
    const { ladders, takeOvers, deleveragings, deliveries, fundings, amongAccounts } = walkVenueSteps(
      2,
      3000,
    );
    const counts = [ladders, takeOvers, deleveragings, deliveries, fundings, amongAccounts];
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });
});
