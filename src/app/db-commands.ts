import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDatabase, type DatabaseReport } from '../platform/database-copy.ts';
import { isThere, preparePrivateFolder } from '../platform/files.ts';
import { systemTime } from '../platform/time.ts';
import { type BackupMade, makeBackup } from './backup.ts';
import { passphraseToOpen, passphraseToSeal } from './backup-passphrase.ts';
import type { AppConfig } from './config.ts';
import { databasesOf } from './databases.ts';
import { type Restored, restoreBackup } from './restore.ts';
import { type RestoredMark, restoredMark } from './restored-mark.ts';

/** What a look at a home's databases found. */
export interface HomeReport {
  readonly sound: boolean;
  readonly databases: readonly DatabaseReport[];
  readonly restored: RestoredMark | null;
}

/** Looks at every page of the home's databases; services may run. Rejects when there is no home. */
export async function checkHome(config: AppConfig): Promise<HomeReport> {
  await assertHome(config);
  const restored = await restoredMark(config.home);
  const databases = databasesOf(config.home)
    .filter(({ file, isBackedUp }) => restored === null || isBackedUp || existsSync(file))
    .map(({ file, migrations }) => checkDatabase(file, migrations));
  const sound = databases.every(({ faults }) => faults.length === 0);
  return { sound, databases, restored };
}

/** Makes a backup, into the home's own folder where none is named. */
export async function backUpHome(
  config: AppConfig,
  asked: {
    readonly folder: string | null;
    readonly keep: number | null;
    readonly passphraseFile: string | null;
  },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BackupMade> {
  await assertHome(config);
  await assertOwn(config);
  const { home } = config;
  const own = join(home, 'backups');
  if (asked.folder === null) await preparePrivateFolder(own);
  const passphrase = await passphraseToSeal({ home, file: asked.passphraseFile, environment });
  const { keep } = asked;
  return makeBackup({ home, folder: asked.folder ?? own, keep, passphrase, nowMs: systemTime.nowMs() });
}

/** Brings a home back from a backup. */
export async function restoreHome(
  config: AppConfig,
  asked: { readonly file: string; readonly replace: boolean; readonly passphraseFile: string | null },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Restored> {
  if (!(await isThere(asked.file)))
    throw new Error(`The backup ${asked.file} does not exist, or cannot be read. Nothing was changed.`);
  const { home } = config;
  const passphrase = await passphraseToOpen({ home, file: asked.passphraseFile, environment });
  const { file, replace } = asked;
  return restoreBackup({ home, file, replace, passphrase: passphrase.text, nowMs: systemTime.nowMs() });
}

async function assertHome({ home }: AppConfig): Promise<void> {
  if (await isThere(home)) return;
  throw new Error(`There is no home ${home}: InfoBot has not run there. Name its home with INFOBOT_HOME.`);
}

async function assertOwn({ home }: AppConfig): Promise<void> {
  try {
    await access(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The home ${home} is another user's: do this as the user InfoBot runs as, or name your own home with INFOBOT_HOME (${reason}).`,
      { cause: error },
    );
  }
}
