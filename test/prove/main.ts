import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bugsHarness } from './bugs/bugs.ts';
import { hardshipHarness } from './hardship/hardship.ts';
import type { Assignment, Harness } from './harness.ts';
import { killHarness } from './kill/kill.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { orderOfEffectsHarness } from './order-of-effects/order-of-effects.ts';
import { powerCutHarness } from './power-cut/power-cut.ts';
import { Progress } from './progress.ts';
import { simulationHarness } from './simulation/simulation.ts';
import { summary } from './summary.ts';

const HARNESSES: readonly Harness[] = [
  simulationHarness,
  killHarness,
  powerCutHarness,
  orderOfEffectsHarness,
  hardshipHarness,
  bugsHarness,
];

const HELP = `npm run prove [-- HARNESS...] [--count N] [--seed S] [--smoke] [--ledger FILE]

Strikes real processes and files and judges what comes of it by the venue's own books.
Without a harness all run, one after the other; seeds that are done are left out.

${HARNESSES.map(({ name, purpose, full, unit }) => `  ${name.padEnd(12)} ${purpose} (${full} ${unit})`).join('\n')}

  --count N      units in all, in place of the full number
  --seed S       this seed alone, whether it is done or not
  --smoke        a few of each, as in CI; kept in no ledger
  --ledger FILE  where the seeds done are kept (prove-ledger.json)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    seed: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    ledger: { type: 'string', default: 'prove-ledger.json' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = await prove();

async function prove(): Promise<number> {
  const unknown = positionals.find((name) => HARNESSES.every((harness) => harness.name !== name));
  if (
    unknown !== undefined ||
    [values.count, values.seed].some((text) => text !== undefined && !/^\d+$/.test(text))
  ) {
    process.stderr.write(HELP);
    return 2;
  }
  const ledger = new Ledger(values.ledger);
  const chosen = HARNESSES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let failed = 0;
  for (const harness of chosen) failed += await proveOne(harness, ledger);
  return failed === 0 ? 0 : 1;
}

/** How many seeds failed, and what all of them together lack. */
async function proveOne(harness: Harness, ledger: Ledger): Promise<number> {
  const entries: LedgerEntry[] = [];
  const left = assignments(harness).filter(
    ({ seed, count }) =>
      values.smoke || values.seed !== undefined || !ledger.isDone(harness.name, seed, count),
  );
  const progress = new Progress(harness, left.length);
  const workOff = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const entry = await runSeed(harness, next, progress);
      entries.push(entry);
      if (!values.smoke) ledger.add(entry);
    }
  };
  await Promise.all(Array.from({ length: harness.atOnce ?? 1 }, workOff));
  progress.end();
  const told = values.smoke || values.seed !== undefined ? entries : ledger.of(harness.name);
  const lacking = harness.overall?.(told) ?? [];
  process.stdout.write(`${summary(harness, told)}\n`);
  for (const line of lacking) process.stdout.write(`  ${line}\n`);
  return told.filter(isFailure).length + lacking.length + (told.length === 0 ? 1 : 0);
}

function isFailure({ violations, checked }: LedgerEntry): boolean {
  return violations.length > 0 || checked === 0;
}

function assignments(harness: Harness): readonly { readonly seed: number; readonly count: number }[] {
  const { full, smoke, perSeed } = harness;
  if (values.seed !== undefined)
    return [{ seed: Number(values.seed), count: Number(values.count ?? perSeed) }];
  const wanted = Number(values.count ?? (values.smoke ? smoke : full));
  const seeds = Math.ceil(wanted / perSeed);
  return Array.from({ length: seeds }, (_, index) => ({
    seed: index + 1,
    count: Math.min(perSeed, wanted - index * perSeed),
  }));
}

async function runSeed(
  harness: Harness,
  { seed, count }: Pick<Assignment, 'seed' | 'count'>,
  progress: Progress,
): Promise<LedgerEntry> {
  const { name } = harness;
  const say = (line: string): void => progress.say(seed, line);
  const verdict = await harness.run({ seed, count, say }).catch((error: unknown) => ({
    checked: 0,
    violations: [`it could not be carried out: ${error instanceof Error ? error.stack : String(error)}`],
    counts: {},
    samplesMs: {},
  }));
  progress.done(seed);
  const entry = {
    harness: name,
    seed,
    count,
    commit: commitNow(),
    finished: new Date().toISOString(),
    ...verdict,
  };
  const failed = isFailure(entry);
  process.stdout.write(
    `${name} seed ${seed}: ${verdict.checked} ${harness.unit}, ${failed ? 'FAILED' : 'ok'}\n`,
  );
  for (const violation of verdict.violations) process.stdout.write(`  ${violation}\n`);
  if (failed) process.stdout.write(`  again: npm run prove -- ${name} --seed ${seed} --count ${count}\n`);
  return entry;
}

function commitNow(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}
