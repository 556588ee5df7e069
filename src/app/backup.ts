import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkDatabase, copyDatabase } from '../platform/database-copy.ts';
import { flushFolderSync, isThere } from '../platform/files.ts';
import { secureHex } from '../platform/random.ts';
import { sealFile, unsealFile } from '../platform/sealed-file.ts';
import { TRADING_MIGRATIONS } from '../store/sqlite/open-store.ts';
import type { Passphrase } from './backup-passphrase.ts';
import { assertBackupRoom } from './backup-room.ts';
import { productFacts } from './product-facts.ts';
import { tradingFile } from './trading-store.ts';

/** Only files named like this are counted, and dropped when they are too many. */
const NAME = /^infobot-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z\.backup$/;

/** What a backup works with until it has its name: a copy in the home, a part in the folder. */
const WORK = '.backup-';
const PART = /^\.infobot-.*\.backup\.[0-9a-f]+\.part$/;
/** No backup takes that long: what is older was left by one that was killed. */
const LEAVINGS_AGE_MS = 86_400_000;

const RANDOM_KEY_COST_LOG2 = 4;

export interface BackupOrder {
  readonly home: string;
  /** An existing folder: one that is not there may be a disk that is not mounted. */
  readonly folder: string;
  /** How many backups stay in the folder, the newest ones; null: all. */
  readonly keep: number | null;
  readonly passphrase: Passphrase;
  readonly nowMs: number;
}

/** A backup that was made, read again and found sound. */
export interface BackupMade {
  readonly file: string;
  readonly bytes: number;
  readonly databaseBytes: number;
  readonly schema: number;
  readonly createdMs: number;
  readonly sealedWith: Passphrase['from'];
  /** Older ones that were dropped. */
  readonly dropped: readonly string[];
}

/**
 * Backs up what a home remembers of trading, while services run: `trading.db` as it stands at one moment, sealed, opened again
 * and checked before it gets its name. Nothing else is in it: no token, session, key or secret of the home. It checks whole
 * databases in the calling thread; a service that trades calls it in another. Rejects with a sentence; then nothing is left.
 */
export async function makeBackup(order: BackupOrder): Promise<BackupMade> {
  const { home, folder, nowMs, passphrase } = order;
  const source = tradingFile(home);
  if (!(await isThere(source))) throw new Error(`There is nothing to back up: ${source} does not exist.`);
  if (!(await isFolder(folder))) throw new Error(`There is no folder ${folder}; make it first.`);
  const name = nameOf(nowMs);
  const part = join(folder, `.${name}.${secureHex(4)}.part`);
  await dropLeavings(home, (found) => found.startsWith(WORK), nowMs);
  await dropLeavings(folder, (found) => PART.test(found), nowMs);
  await assertBackupRoom(home, (await stat(source)).size);
  const work = await mkdtemp(join(home, WORK));
  try {
    const copy = join(work, basename(source));
    await copyDatabase(source, copy);
    const schema = soundSchema(copy);
    const facts = {
      product: 'infobot',
      version: productFacts.version,
      createdMs: nowMs,
      schema,
      content: basename(source),
    };
    const header = await sealFile(copy, part, {
      passphrase: passphrase.text,
      facts,
      ...stretching(passphrase),
    });
    await rm(copy);
    await verify(part, copy, passphrase.text);
    const file = join(folder, name);
    await rename(part, file);
    flushFolderSync(folder);
    return {
      file,
      bytes: (await stat(file)).size,
      databaseBytes: header.bytes,
      schema,
      createdMs: nowMs,
      sealedWith: passphrase.from,
      dropped: await dropOld(folder, order.keep),
    };
  } finally {
    await rm(part, { force: true });
    await rm(work, { recursive: true, force: true });
  }
}

/** A key of 256 random bits is not guessed, however cheap a guess is. */
function stretching({ from }: Passphrase): { readonly costLog2?: number } {
  return from === 'home' ? { costLog2: RANDOM_KEY_COST_LOG2 } : {};
}

function soundSchema(copy: string): number {
  const { faults, schema } = checkDatabase(copy, TRADING_MIGRATIONS);
  if (schema !== null && faults.length === 0) return schema;
  throw new Error(
    `trading.db is not sound, so no backup was made: ${faults.join(' ')} ` +
      'Keep the backups there are; "infobot db check" says more.',
  );
}

/** Written is not yet readable: the backup is opened with its passphrase and looked at whole. */
async function verify(part: string, copy: string, passphrase: string): Promise<void> {
  const opened = await unsealFile(part, copy, passphrase);
  if (!opened.ok) throw new Error(`The backup could not be read again: ${opened.error}`);
  soundSchema(copy);
}

async function dropOld(folder: string, keep: number | null): Promise<readonly string[]> {
  if (keep === null) return [];
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
  const old = names.slice(0, Math.max(0, names.length - keep)).map((name) => join(folder, name));
  for (const file of old) await rm(file, { force: true });
  return old;
}

/** A killed backup leaves a copy of the whole database: every night one would fill the disk. */
async function dropLeavings(folder: string, isOurs: (name: string) => boolean, nowMs: number): Promise<void> {
  for (const name of (await readdir(folder)).filter(isOurs)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < nowMs - LEAVINGS_AGE_MS)
      await rm(path, { recursive: true, force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

/** In order of time when in order of name. */
function nameOf(nowMs: number): string {
  return `infobot-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}.backup`;
}
