// Adds up the test reports of a CI run and prints the closing line. Fails when a report is missing tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TESTS_MIN = 300;
const folder = process.argv[2];
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that could not even be read has no tests to fail.
  if (!report.success) process.exitCode = 1;
}
if (passed + failed < TESTS_MIN) {
  console.error(`Only ${passed + failed} tests ran; expected at least ${TESTS_MIN}.`);
  process.exitCode = 1;
}
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
