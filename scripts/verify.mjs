// `npm run verify`: what CI runs. Stops at the first gate that fails. `--report FILE` also writes the test
// results as JSON.
import { ensureInstalled, run } from './install.mjs';

ensureInstalled();
const at = process.argv.indexOf('--report');
const report =
  at === -1 ? [] : ['--reporter=default', '--reporter=json', `--outputFile=${process.argv[at + 1]}`];
const gates = [
  ['format and lint', 'biome', ['ci', '.']],
  ['types', 'tsc', ['-b']],
  ['boundaries', 'node', ['scripts/check-boundaries.mjs']],
  ['unused', 'knip', []],
  ['tests', 'node', ['scripts/test.mjs', ...report]],
  ['bench smoke', 'node', ['bench/run.ts', '--smoke']],
];
for (const [name, tool, args] of gates) {
  console.log(`\n== ${name}`);
  run(tool, args);
}
