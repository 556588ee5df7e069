import type { ConfigOutcome } from '../app/config-commands.ts';

type Fault = Extract<ConfigOutcome, { ok: false }>['error'][number];
type Change = Extract<Extract<ConfigOutcome, { ok: true }>['value'], { kind: 'done' }>['changes'][number];

/** Says what is wrong with what was typed, each with its place. Exit code 2. */
export function sayFaults(faults: readonly Fault[]): void {
  for (const { path, message } of faults) console.error(path === '' ? message : `${path}: ${message}`);
  process.exitCode = 2;
}

/** Says what came of a change. Exit code 0 done, 1 not done, 2 wrong input. */
export function sayOutcome(
  outcome: ConfigOutcome,
  { json, dryRun }: { readonly json?: boolean; readonly dryRun?: boolean },
): void {
  if (!outcome.ok) {
    sayFaults(outcome.error);
    return;
  }
  const result = outcome.value;
  if (json === true) console.log(JSON.stringify(result));
  else for (const line of linesOfResult(result, dryRun === true)) console.log(line);
  if (json !== true && result.kind === 'done') sayWarnings(result.warnings);
  if (result.kind !== 'done' && result.kind !== 'unchanged') process.exitCode = 1;
}

/** What holds all the same is told beside the answer: that stays what a program reads. */
function sayWarnings(warnings: readonly Fault[]): void {
  for (const { path, message } of warnings) console.error(`Warning: ${path}: ${message}`);
}

/** One line for each key: what it was and what it is. */
export function linesOf(changes: readonly Change[]): readonly string[] {
  return changes.map(
    (change) =>
      `${change.path}: ${said(change, change.before, 'before')} -> ${said(change, change.after, 'after')}`,
  );
}

function linesOfResult(
  result: Extract<ConfigOutcome, { ok: true }>['value'],
  dryRun: boolean,
): readonly string[] {
  switch (result.kind) {
    case 'done':
      return [
        ...linesOf(result.changes),
        dryRun ? 'Nothing was stored.' : `Version ${result.version} is stored.`,
      ];
    case 'unchanged':
      return [`Nothing to change: version ${result.version} says so already.`];
    case 'version-changed':
      return [`Somebody changed the settings meanwhile: version ${result.version} is in force. Try again.`];
    case 'not-in-force':
      return [`Version ${result.version} is stored and not in force: ${result.detail}`];
    default:
      return result.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

function said(change: Change, value: unknown, side: 'before' | 'after'): string {
  return side in change ? JSON.stringify(value) : 'not set';
}
