// Runs the room rules and fails when nearly nothing was read: a gate that checked nothing must fail.
import { execFileSync } from 'node:child_process';

const MODULES_MIN = 60;

const output = execFileSync(
  'depcruise',
  ['src', 'web/src', 'test/prove', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
  { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
const { summary } = JSON.parse(output);
for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
if (summary.totalCruised < MODULES_MIN) {
  console.error(`Only ${summary.totalCruised} modules were read; expected at least ${MODULES_MIN}.`);
  process.exit(1);
}
if (summary.error > 0) process.exit(1);
console.log(`boundaries: ${summary.totalCruised} modules, 0 violations`);
