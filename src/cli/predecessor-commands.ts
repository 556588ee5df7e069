import type { Command } from 'commander';
import type { ExportOutcome, ImportOutcome } from '../app/predecessor-commands.ts';
import { linesOf } from './config-answers.ts';
import { consoleConfig } from './console-config.ts';

interface Flags {
  readonly account?: string;
  readonly json?: boolean;
}

/** `infobot legacy ...`: files of the predecessor, in and out. */
export function addPredecessorCommands(program: Command): void {
  const group = program
    .command('legacy')
    .description('files of the Python InfoBot before this one: take them over, write them')
    .addHelpText('after', '\nExample:\n  infobot legacy import ../old/data --dry-run')
    .exitOverride();
  addImport(group);
  addExport(group);
  for (const command of group.commands) command.exitOverride();
}

function addImport(group: Command): void {
  withFlags(group.command('import <folder>'))
    .description(
      'take over settings, lists, bots (paused) and pairs of averages; needs the bots service stopped',
    )
    .option('--dry-run', 'only say what would change')
    .addHelpText(
      'after',
      '\nEach file is taken whole or not at all. Auto Bot is never turned on and no position is made.\n' +
        '\nExamples:\n  infobot legacy import ../old/data --dry-run\n  infobot legacy import ../old/data --json',
    )
    .action(async (folder: string, flags: Flags & { dryRun?: boolean }) => {
      const place = consoleConfig();
      if (place === null) return;
      const { importPredecessor } = await import('../app/predecessor-commands.ts');
      const terms = { account: flags.account ?? null, dryRun: flags.dryRun === true };
      const outcome = await importPredecessor(place, folder, terms);
      if (flags.json === true) console.log(JSON.stringify(outcome));
      else for (const line of linesOfImport(outcome)) console.log(line);
      if (outcome.lines.some(({ kind }) => kind === 'refused')) process.exitCode = 1;
    });
}

function addExport(group: Command): void {
  withFlags(group.command('export <folder>'))
    .description('write what is stored in the shapes of the files before; overwrites nothing')
    .addHelpText('after', '\nExample:\n  infobot legacy export ./for-the-old-one')
    .action(async (folder: string, flags: Flags) => {
      const place = consoleConfig();
      if (place === null) return;
      const { exportPredecessor } = await import('../app/predecessor-commands.ts');
      const outcome = await exportPredecessor(place, folder, flags.account ?? null);
      if (flags.json === true) console.log(JSON.stringify(outcome));
      else for (const line of linesOfExport(outcome, folder)) console.log(line);
    });
}

function linesOfImport({ lines, changes, bots, pairs, version, dryRun }: ImportOutcome): readonly string[] {
  const told = lines.map(({ file, place, kind, detail }) => {
    const where = place === '' ? file : `${file}:${place}`;
    return `${kind.padEnd(8)} ${where}  ${detail}`;
  });
  const settings = changes.length === 0 ? ['Settings stay as they are.'] : ['Settings:', ...linesOf(changes)];
  const rest = [
    `Paused bots: ${bots.length === 0 ? 'none' : bots.join(', ')}.`,
    `Pairs of averages kept to be seen: ${pairs.length}.`,
    'Auto Bot stays off until a person turns it on.',
  ];
  return [...told, '', ...settings, ...rest, conclusion(version, dryRun)];
}

function conclusion(version: number | null, dryRun: boolean): string {
  if (dryRun) return 'Nothing was stored.';
  return version === null
    ? 'No version of the settings was stored.'
    : `Settings version ${version} is stored.`;
}

function linesOfExport({ files, unsaid }: ExportOutcome, folder: string): readonly string[] {
  const missing = unsaid.map((path) => `${path}: there is no key for it there`);
  return [...missing, `Written to ${folder}: ${files.join(', ')}.`];
}

function withFlags(command: Command): Command {
  return command
    .option('--account <name>', 'name of the account the bots trade; the one saved last without it')
    .option('--json', 'print JSON');
}
