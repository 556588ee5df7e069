import type { Command } from 'commander';
import type { HomeReport } from '../app/db-commands.ts';
import { consoleConfig } from './console-config.ts';
import { wholeNumber } from './options.ts';

const KEEP_MAX = 10_000;
const BYTES_PER_MB = 1_000_000;

interface Flags {
  readonly json?: boolean;
}

interface SealedFlags extends Flags {
  readonly passphraseFile?: string;
}

/** `infobot db ...`: whether the databases are sound, backups of them, and back from one. */
export function addDbCommands(program: Command): void {
  const db = program
    .command('db')
    .description('databases: check, back up, restore')
    .addHelpText('after', '\nExample:\n  infobot db backup --to /mnt/backups --keep 14')
    .exitOverride();
  addCheck(db);
  addBackup(db);
  addRestore(db);
  for (const command of db.commands) command.exitOverride();
}

function addCheck(db: Command): void {
  db.command('check')
    .description('read every page of the databases; services may run. Exit code 1 when one is not sound')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  infobot db check --json')
    .action(async (flags: Flags) => {
      const config = consoleConfig();
      if (config === null) return;
      const { checkHome } = await import('../app/db-commands.ts');
      const report = await checkHome(config);
      if (!report.sound) process.exitCode = 1;
      if (flags.json === true) return console.log(JSON.stringify(report));
      for (const line of report.databases.flatMap(linesOf)) console.log(line);
      for (const line of adviceOf(report)) console.log(line);
    });
}

function linesOf({ file, bytes, schema, faults }: HomeReport['databases'][number]): readonly string[] {
  if (faults.length === 0) return [`${file}: sound, schema ${schema}, ${megabytes(bytes)}`];
  return faults.map((fault) => `${file}: ${fault}`);
}

function adviceOf({ databases }: HomeReport): readonly string[] {
  const faulty = databases.filter(({ faults }) => faults.length > 0);
  const lines: string[] = [];
  if (faulty.some(({ looked }) => looked))
    lines.push('Keep the files as they are. "infobot db restore" brings a backup back.');
  if (faulty.some(({ looked }) => !looked))
    lines.push('Look again as the user InfoBot runs as, when no other program holds the database.');
  return lines;
}

function addBackup(db: Command): void {
  sealed(db.command('backup'))
    .description('back up settings, trades, journal and trading state into one sealed file; services may run')
    .option('--to <folder>', 'an existing folder; "backups" in the home unless named')
    .option('--keep <number>', 'drop all but the newest ones of the folder', wholeNumber(KEEP_MAX))
    .addHelpText(
      'after',
      '\nExamples:\n  infobot db backup\n' +
        '  infobot db backup --to /mnt/backups --keep 14 --passphrase-file ~/infobot.passphrase\n' +
        'Without a passphrase the key of this home seals it: keep a copy of backup.key elsewhere. ' +
        'More: docs/operating/storage.md',
    )
    .action(async (flags: SealedFlags & { to?: string; keep?: number }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { backUpHome } = await import('../app/db-commands.ts');
      const { to = null, keep = null, passphraseFile = null } = flags;
      const made = await backUpHome(config, { folder: to, keep, passphraseFile }, process.env);
      if (flags.json === true) return console.log(JSON.stringify(made));
      console.log(`${made.file}: ${megabytes(made.bytes)}, schema ${made.schema}, read again and sound`);
      for (const file of made.dropped) console.log(`${file}: dropped`);
      if (made.sealedWith === 'home') {
        console.log(`Only ${config.home}/backup.key opens it: keep a copy of that file elsewhere.`);
      }
    });
}

function addRestore(db: Command): void {
  sealed(db.command('restore'))
    .argument('<file>', 'the backup')
    .description('bring a home back from a backup; no service may run. It cannot trade live afterwards')
    .option('--replace', 'put what the home has by now aside')
    .addHelpText(
      'after',
      '\nExample:\n  infobot db restore backups/infobot-2026-11-23T19-30-00-000Z.backup --replace',
    )
    .action(async (file: string, flags: SealedFlags & { replace?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { restoreHome } = await import('../app/db-commands.ts');
      const { replace = false, passphraseFile = null } = flags;
      const restored = await restoreHome(config, { file, replace, passphraseFile }, process.env);
      if (flags.json === true) return console.log(JSON.stringify(restored));
      console.log(`${restored.home} is what it was at ${new Date(restored.backupMs).toISOString()}.`);
      if (restored.aside !== null) console.log(`What was there before is in ${restored.aside}.`);
      console.log(
        'The next start reads the exchange first; Auto Bot is off. Look at the positions, adopt what is yours.',
      );
    });
}

function sealed(command: Command): Command {
  return command
    .option('--passphrase-file <file>', 'a file that holds the passphrase; else INFOBOT_BACKUP_PASSPHRASE')
    .option('--json', 'print JSON');
}

function megabytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}
