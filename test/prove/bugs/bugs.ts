import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import type { Bug } from './bug.ts';
import { CATALOGUE } from './catalogue.ts';

const COPIED = [
  'src',
  'test',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.test.json',
  'vitest.config.ts',
];
const RUN_MS_MAX = 300_000;
/** Of what a run said, so much is told. */
const WORDS_MAX = 2_000;

/** Puts one bug at a time into a copy of the product: the tests that are meant to see it must turn red. */
export const bugsHarness: Harness = {
  name: 'bugs',
  purpose: 'faults that were made before are made again in a copy; the checks must see them',
  unit: 'bugs',
  full: CATALOGUE.length,
  smoke: 10,
  perSeed: 1,
  atOnce: 2,
  run,
};

/** One seed is one bug. */
async function run({ seed, say }: Assignment): Promise<Verdict> {
  const tally = new Tally();
  const bug = CATALOGUE[(seed - 1) % CATALOGUE.length];
  if (bug === undefined) throw new Error('The catalogue is empty.');
  say(bug.name);
  const folder = mkdtempSync(join(tmpdir(), 'prove-bug-'));
  try {
    plant(bug, folder);
    const isCaught = await turnsRed(bug, folder);
    tally.checked += 1;
    tally.count(isCaught ? 'caught' : 'not caught');
    if (!isCaught)
      tally.violations.push(`${bug.name} (${bug.breaks}) was not seen by ${bug.caughtBy.join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return tally.verdict();
}

/** Throws where the catalogue no longer fits the product. */
function plant(bug: Bug, folder: string): void {
  for (const entry of COPIED) cpSync(entry, join(folder, entry), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, replace } of bug.also === undefined ? [bug] : [bug, bug.also]) {
    const path = join(folder, file);
    const parts = readFileSync(path, 'utf8').split(find);
    if (parts.length !== 2)
      throw new Error(`${bug.name}: its place is found ${parts.length - 1} times in ${file}.`);
    writeFileSync(path, parts.join(replace));
  }
}

/** Rejects where the tests could not be run: what ends otherwise than by a failed test says nothing of the bug. */
function turnsRed({ caughtBy }: Bug, folder: string): Promise<boolean> {
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      // Copies share one folder of packages, and with it the place where results are remembered.
      [vitest, 'run', '--bail=1', '--cache=false', ...caughtBy],
      { cwd: folder, timeout: RUN_MS_MAX, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error === null) resolve(false);
        else if (/Failed Tests \d|Tests .*failed|\|.*\d failed/.test(stdout)) resolve(true);
        else reject(new Error(`Its tests ended without a word: ${`${stdout}${stderr}`.slice(-WORDS_MAX)}`));
      },
    );
  });
}
