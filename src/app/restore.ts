import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkDatabase } from '../platform/database-copy.ts';
import { swapDatabase } from '../platform/database-swap.ts';
import { isThere } from '../platform/files.ts';
import { prepareHome } from '../platform/home.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { unsealFile } from '../platform/sealed-file.ts';
import { TRADING_MIGRATIONS } from '../store/sqlite/open-store.ts';
import { markRestored } from './restored-mark.ts';
import { tradingFile } from './trading-store.ts';

/** Where a backup is opened. */
const WORK = '.restore-';

export interface RestoreOrder {
  readonly home: string;
  /** The backup. */
  readonly file: string;
  readonly passphrase: string;
  /** What the home remembers by now may be put aside. */
  readonly replace: boolean;
  readonly nowMs: number;
}

/** What was brought back. */
export interface Restored {
  readonly home: string;
  readonly backup: string;
  readonly backupMs: number;
  readonly schema: number;
  /** Folder of what was there before; null: there was nothing. */
  readonly aside: string | null;
}

/**
 * Brings `trading.db` of a home back from a backup, while no service runs there. The backup is opened and checked whole before
 * anything of the home is changed; what was there is kept aside; the home is marked as one that cannot trade live. Rejects
 * with a sentence; then the home is as it was.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  await prepareHome(order.home);
  const release = soleUser(order.home);
  try {
    return await restoreAlone(order);
  } finally {
    release();
  }
}

async function restoreAlone({ home, file, passphrase, replace, nowMs }: RestoreOrder): Promise<Restored> {
  const target = tradingFile(home);
  const taken = (await isThere(target)) || (await isThere(`${target}-wal`));
  if (taken && !replace) {
    throw new Error(`${target} is there: --replace puts it aside, nothing is deleted. Nothing was changed.`);
  }
  await dropLeavings(home);
  const work = await mkdtemp(join(home, WORK));
  try {
    const fresh = join(work, basename(target));
    const opened = await unsealFile(file, fresh, passphrase);
    if (!opened.ok) throw new Error(opened.error);
    const schema = usableSchema(fresh, file);
    const backupMs = Number(opened.value.facts['createdMs'] ?? 0);
    const backup = basename(file);
    const aside = join(home, `replaced-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`);
    await markRestored(home, { backupMs, restoredMs: nowMs, backup });
    for (const _step of swapDatabase(target, fresh, aside));
    return { home, backup: file, backupMs, schema, aside: taken ? aside : null };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Of a restore that was killed; no other one runs, for this one has the home to itself. */
async function dropLeavings(home: string): Promise<void> {
  for (const name of (await readdir(home)).filter((found) => found.startsWith(WORK)))
    await rm(join(home, name), { recursive: true, force: true });
}

function usableSchema(fresh: string, file: string): number {
  const { schema, faults } = checkDatabase(fresh, TRADING_MIGRATIONS);
  if (schema !== null && faults.length === 0) return schema;
  throw new Error(`${file} cannot be used: ${faults.join(' ')} The home was not changed.`);
}

/** Neither the supervisor nor the bots service may run, nor start meanwhile. Gives what lets them again. */
function soleUser(home: string): () => void {
  const locks = ['up.lock', 'bots.lock'].map((name) => takeProcessLock(join(home, name)));
  const release = (): void => {
    for (const lock of locks) lock?.release();
  };
  if (!locks.includes(null)) return release;
  release();
  throw new Error(`InfoBot runs on ${home}: end it first. Nothing was changed.`);
}
