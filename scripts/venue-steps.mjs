// Walks a million random steps through the venue's money and audits every account after each.
// node scripts/venue-steps.mjs [STEPS [SEED]]
import { walkVenueSteps } from '../test/simulation/venue-steps.ts';

const STEPS_A_WALK = 50_000;
const steps = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? 1);
const startMs = performance.now();
let left = steps;
const total = {};
for (let seed = firstSeed; left > 0; seed += 1) {
  const report = walkVenueSteps(seed, Math.min(left, STEPS_A_WALK));
  left -= report.steps;
  for (const [name, count] of Object.entries(report)) total[name] = (total[name] ?? 0) + count;
}
console.log(JSON.stringify({ ...total, seconds: Math.round((performance.now() - startMs) / 1000) }));
