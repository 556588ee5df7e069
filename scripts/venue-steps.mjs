// Walks a million random steps through the venue: most through its money alone, a share through a whole venue with its
// wire, faults, and kills that it comes back from by its books. Every account is audited after every step.
// node scripts/venue-steps.mjs [STEPS [SEED]]
import { walkVenueSteps } from '../test/simulation/venue-steps.ts';
import { walkVenue } from '../test/simulation/venue-walk.ts';

const STEPS_A_WALK = { money: 50_000, venue: 10_000 };
const WHOLE_VENUE_SHARE = 0.25;
const steps = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const trouble = { faultsPerMille: 20, restartsPerMille: 0.3 };

const walks = [
  ['money', Math.round(steps * (1 - WHOLE_VENUE_SHARE)), walkVenueSteps],
  [
    'venue',
    Math.round(steps * WHOLE_VENUE_SHARE),
    (seed, count) => walkVenue({ seed, steps: count, ...trouble }),
  ],
];
const startMs = performance.now();
for (const [name, count, walk] of walks) {
  const total = {};
  let left = count;
  for (let seed = firstSeed; left > 0; seed += 1) {
    const report = await walk(seed, Math.min(left, STEPS_A_WALK[name]));
    left -= report.steps;
    for (const [key, value] of Object.entries(report)) {
      if (typeof value === 'number') total[key] = (total[key] ?? 0) + value;
    }
  }
  console.log(name, JSON.stringify(total));
}
const { user, system } = process.cpuUsage();
const seconds = Math.round((performance.now() - startMs) / 1000);
console.log(JSON.stringify({ steps, seconds, cpuSeconds: Math.round((user + system) / 1e6) }));
