import type { Command } from 'commander';
import type { ConfigTerms } from '../app/config-commands.ts';
import { linesOf, sayFaults, sayOutcome } from './config-answers.ts';
import { consoleConfig } from './console-config.ts';
import { textUpTo, wholeNumber } from './options.ts';

const REASON_LENGTH_MAX = 500;
const VERSION_MAX = Number.MAX_SAFE_INTEGER;

interface Flags {
  readonly account?: string;
  readonly json?: boolean;
}

interface ChangeFlags extends Flags {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

/** `infobot config ...`: the settings and their history. They work with the bots service up or down. */
export function addConfigCommands(program: Command): void {
  const config = program
    .command('config')
    .description('settings: show, change, compare, bring back')
    .addHelpText(
      'after',
      '\nExample:\n  infobot config set filter.rsiTimeCandles 5 --reason "calmer entries"',
    )
    .exitOverride();
  addShow(config);
  addSet(config);
  addDiff(config);
  addHistory(config);
  addRollback(config);
  addExport(config);
  addImport(config);
  addSchema(config);
  for (const command of config.commands) command.exitOverride();
}

function addShow(config: Command): void {
  reading(config.command('show [key]'))
    .description('what holds, and which layer each value comes from')
    .option('--coin <coin>', 'for one coin')
    .addHelpText('after', '\nExample:\n  infobot config show --coin BTC')
    .action(async (key: string | undefined, flags: Flags & { coin?: string }) => {
      const place = consoleConfig();
      if (place === null) return;
      const { showSettings } = await import('../app/config-commands.ts');
      const { account = null, coin = null } = flags;
      const shown = await showSettings(place, account, coin);
      if (!shown.ok) return sayFaults(shown.error);
      const rows = shown.value.rows.filter(({ path }) => key === undefined || path.startsWith(key));
      if (rows.length === 0) return sayFaults([{ path: key ?? '', message: 'There is no such setting' }]);
      if (flags.json === true) return console.log(JSON.stringify({ ...shown.value, rows }));
      for (const { path, value, origin } of rows) {
        console.log(`${path.padEnd(36)} ${JSON.stringify(value).padEnd(16)} ${origin}`);
      }
    });
}

function addSet(config: Command): void {
  changing(config.command('set <key> [value]'))
    .description('set a key for all coins or one; a further version of the settings')
    .option('--coin <coin>', 'for one coin only')
    .option('--unset', 'give the key back to the layer below')
    .addHelpText(
      'after',
      '\nExamples:\n  infobot config set filter.rsiTimeCandles 5 --coin BTCUSDT --reason "calmer entries"\n' +
        '  infobot config set filter.blacklist BTC,ETH\n  infobot config set exit.takeProfitPct --unset',
    )
    .action(
      async (
        path: string,
        text: string | undefined,
        flags: ChangeFlags & { coin?: string; unset?: boolean },
      ) => {
        const place = consoleConfig();
        if (place === null) return;
        if ((text === undefined) !== (flags.unset === true)) {
          return sayFaults([{ path, message: 'It takes either a value or --unset' }]);
        }
        const { setSetting } = await import('../app/config-commands.ts');
        const change = { path, text: text ?? null, coin: flags.coin ?? null };
        sayOutcome(await setSetting(place, change, termsOf(flags)), flags);
      },
    );
}

function addDiff(config: Command): void {
  reading(config.command('diff'))
    .argument('<from>', 'number of a version', wholeNumber(VERSION_MAX))
    .argument('[to]', 'number of another', wholeNumber(VERSION_MAX))
    .description('what differs between two versions; without the second, the one in force')
    .addHelpText('after', '\nExample:\n  infobot config diff 3 5')
    .action(async (from: number, to: number | undefined, flags: Flags) => {
      const place = consoleConfig();
      if (place === null) return;
      const { diffVersions } = await import('../app/config-commands.ts');
      const diff = await diffVersions(place, flags.account ?? null, { from, to: to ?? null });
      if (flags.json === true) console.log(JSON.stringify(diff));
      else if (diff.changes.length === 0) console.log(`Versions ${diff.from} and ${diff.to} say the same.`);
      else for (const line of linesOf(diff.changes)) console.log(line);
    });
}

function addHistory(config: Command): void {
  reading(config.command('history'))
    .description('who changed the settings, when and why, newest first')
    .option('--limit <number>', 'how many versions', wholeNumber(500), 20)
    .addHelpText('after', '\nExample:\n  infobot config history --limit 5')
    .action(async (flags: Flags & { limit: number }) => {
      const place = consoleConfig();
      if (place === null) return;
      const { settingsHistory } = await import('../app/config-commands.ts');
      const versions = await settingsHistory(place, flags.account ?? null, flags.limit);
      if (flags.json === true) return console.log(JSON.stringify({ versions }));
      for (const { version, author, reason, createdMs } of versions) {
        const time = new Date(createdMs).toISOString();
        console.log(`${String(version).padStart(5)}  ${time}  ${author.padEnd(14)}  ${reason}`);
      }
    });
}

function addRollback(config: Command): void {
  changing(config.command('rollback'))
    .argument('<version>', 'number of the version', wholeNumber(VERSION_MAX))
    .description('bring back the content of an earlier version, as a further one')
    .addHelpText('after', '\nExample:\n  infobot config rollback 3 --reason "too many entries"')
    .action(async (version: number, flags: ChangeFlags) => {
      const place = consoleConfig();
      if (place === null) return;
      const { rollbackSettings } = await import('../app/config-commands.ts');
      sayOutcome(await rollbackSettings(place, version, termsOf(flags)), flags);
    });
}

function addExport(config: Command): void {
  reading(config.command('export [file]'))
    .description('what people set, as a file; without a file, printed')
    .addHelpText('after', '\nExample:\n  infobot config export settings.json')
    .action(async (file: string | undefined, flags: Flags) => {
      const place = consoleConfig();
      if (place === null) return;
      const { exportSettings } = await import('../app/config-commands.ts');
      const text = await exportSettings(place, flags.account ?? null, file ?? null);
      if (file === undefined) console.log(text.trimEnd());
      else console.log(flags.json === true ? JSON.stringify({ file }) : `Written to ${file}.`);
    });
}

function addImport(config: Command): void {
  changing(config.command('import <file>'))
    .description('replace everything people set by a file, all of it or nothing')
    .addHelpText('after', '\nExample:\n  infobot config import settings.json --dry-run')
    .action(async (file: string, flags: ChangeFlags) => {
      const place = consoleConfig();
      if (place === null) return;
      const { importSettings } = await import('../app/config-commands.ts');
      sayOutcome(await importSettings(place, file, termsOf({ reason: 'import', ...flags })), flags);
    });
}

function addSchema(config: Command): void {
  config
    .command('schema')
    .description('every key with its unit, default and range')
    .option('--json', 'print JSON Schema')
    .addHelpText('after', '\nExample:\n  infobot config schema --json')
    .action(async (flags: { json?: boolean }) => {
      const { settingsJsonSchema, settingsKeys } = await import('../app/config-commands.ts');
      if (flags.json === true) return console.log(JSON.stringify(settingsJsonSchema()));
      for (const { path, unit, default: value, range } of settingsKeys()) {
        console.log(`${path.padEnd(36)} ${JSON.stringify(value).padEnd(16)} ${range} ${unit}`.trimEnd());
      }
    });
}

function reading(command: Command): Command {
  return command
    .option('--account <name>', 'account whose bots count; the one that traded last unless named')
    .option('--json', 'print JSON');
}

function changing(command: Command): Command {
  return reading(command)
    .option('--reason <text>', 'why, for the history', textUpTo(REASON_LENGTH_MAX))
    .option('--dry-run', 'only say what would change');
}

function termsOf({ account, reason, dryRun }: ChangeFlags): ConfigTerms {
  return { account: account ?? null, reason: reason ?? '', dryRun: dryRun === true };
}
