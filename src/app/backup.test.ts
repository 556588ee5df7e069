import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccess } from '../access/access.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { sha256Hex } from '../platform/random.ts';
import { unsealFile } from '../platform/sealed-file.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { makeBackup } from './backup.ts';
import { readConfig } from './config.ts';
import { checkHome } from './db-commands.ts';
import { restoreBackup } from './restore.ts';
import { restoredMark } from './restored-mark.ts';
import { ensureVenueControl, ensureVenueKey, serviceTokens } from './service-secrets.ts';

const PASSPHRASE = { text: 'correct horse battery staple', from: 'home' } as const;
const NOW_MS = Date.UTC(2026, 10, 23);

let folder = '';
let home = '';
let target = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-backup-'));
  home = join(folder, 'home');
  target = join(folder, 'backups');
  for (const path of [home, target]) mkdirSync(path, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function configOf(path: string) {
  const config = readConfig({
    environment: { INFOBOT_HOME: path },
    workingFolder: folder,
    isTerminal: false,
  });
  if (!config.ok) throw new Error(config.error);
  return config.value;
}

const store = (path = home) => openStore({ file: join(path, 'trading.db'), time: systemTime });
const backUp = (nowMs = NOW_MS, keep: number | null = null) =>
  makeBackup({ home, folder: target, keep, passphrase: PASSPHRASE, nowMs });
const restore = (file: string, change: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({ home, file, passphrase: PASSPHRASE.text, replace: true, nowMs: NOW_MS + 1, ...change });

/** A home whose last trading state is `{"number":…}`. */
async function remember(number: number, path = home): Promise<void> {
  const opened = store(path);
  const epoch = await opened.takeEpoch('demo', 1);
  await opened.saveTradingState({ accountId: 'demo', epoch }, JSON.stringify({ number }), 1);
  await opened.close();
}

async function remembered(path = home): Promise<string | null> {
  const opened = store(path);
  const state = await opened.loadTradingState('demo');
  await opened.close();
  return state;
}

/** Every file of a home with its content, but for locks. */
function contentOf(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.lock$|-shm$/.test(entry.name))
    .map((entry) => `${entry.name} ${sha256Hex(readFileSync(join(entry.parentPath, entry.name)))}`)
    .sort();
}

describe('a backup', () => {
  test('made while the service writes is one moment of it, for the owner alone, and restores', async () => {
    await remember(1);
    const live = store();
    const epoch = await live.takeEpoch('demo', 1);
    let count = 0;
    let done = false;
    const writing = (async () => {
      while (!done) {
        count += 1;
        const state = JSON.stringify({ number: count });
        await live.saveTradingState({ accountId: 'demo', epoch }, state, count);
        await live.addEvents([
          {
            timeMs: count,
            severity: 'info',
            code: 'x',
            instrumentId: null,
            message: state,
            detailJson: '{}',
          },
        ]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const made = await backUp();
    done = true;
    await writing;
    await live.close();
    expect(readdirSync(target)).toEqual(['infobot-2026-11-23T00-00-00-000Z.backup']);
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
    const other = join(folder, 'other');
    await restore(made.file, { home: other, replace: false });
    const back = store(other);
    const newest = (await back.listEvents({ limit: 1, cursor: null })).rows[0]?.timeMs ?? 0;
    const state = JSON.parse((await back.loadTradingState('demo')) ?? '{}');
    expect([newest, newest + 1]).toContain(state.number);
    expect(await back.takeEpoch('demo', 1)).toBeGreaterThan(epoch);
    await back.close();
    expect(await restoredMark(other)).toMatchObject({ backupMs: NOW_MS, restoredMs: NOW_MS + 1 });
  });

  test('holds no secret of its home, sealed or opened', async () => {
    await remember(1);
    const config = configOf(home);
    const access = openAccess({ home, time: systemTime });
    const { token } = await access.createToken({ name: 'canary-name', role: 'admin', expiresMs: null });
    const code = await access.createSignInCode({ name: 'canary-name', role: 'admin' });
    const session = await access.claimCode(code.code);
    access.close();
    const services = await serviceTokens(config);
    const key = await ensureVenueKey(config);
    const secrets = [
      token,
      code.code,
      ...Object.values(session ?? {}).map(String),
      ...Object.values(services),
      ...Object.values(key),
      await ensureVenueControl(config),
      PASSPHRASE.text,
      'canary-name',
    ];
    expect(secrets.length).toBeGreaterThan(8);
    const made = await backUp();
    const clear = join(folder, 'clear');
    expect((await unsealFile(made.file, clear, PASSPHRASE.text)).ok).toBe(true);
    for (const bytes of [readFileSync(clear), readFileSync(made.file)]) {
      for (const secret of secrets) {
        expect(bytes.includes(secret)).toBe(false);
        expect(bytes.includes(sha256Hex(secret))).toBe(false);
      }
    }
    expect(readFileSync(clear).includes('tradingState')).toBe(true);
  });

  test('leaves the newest ones, and what is none of its own', async () => {
    await remember(1);
    for (const name of ['infobot-2026-01-01T00-00-00-000Z.backup', 'mine.backup'])
      writeFileSync(join(target, name), 'x');
    const first = await backUp();
    const second = await backUp(NOW_MS + 5, 2);
    expect(readdirSync(target).map((name) => join(target, name))).toEqual([
      first.file,
      second.file,
      join(target, 'mine.backup'),
    ]);
  });

  test('and a restore clear away what killed ones have left, and nothing that may be in use', async () => {
    await remember(1);
    const left = [join(home, '.backup-killed'), join(target, '.infobot-x.backup.0a1b2c3d.part')];
    for (const path of left) {
      mkdirSync(path);
      utimesSync(path, NOW_MS / 1000 - 90_000, NOW_MS / 1000 - 90_000);
    }
    const inUse = join(home, '.backup-of-another');
    mkdirSync(inUse);
    utimesSync(inUse, NOW_MS / 1000 - 60, NOW_MS / 1000 - 60);
    const { file } = await backUp();
    expect([...left, inUse].map(existsSync)).toEqual([false, false, true]);
    mkdirSync(join(home, '.restore-killed'));
    await restore(file);
    expect(existsSync(join(home, '.restore-killed'))).toBe(false);
  });

  test('is not made of a damaged database, nor into a folder that is not there; nothing is left of the try', async () => {
    await remember(1);
    await expect(
      makeBackup({ home, folder: join(folder, 'nowhere'), keep: null, passphrase: PASSPHRASE, nowMs: 1 }),
    ).rejects.toThrow('There is no folder');
    const file = join(home, 'trading.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096 * 3, 4_096 * 5);
    writeFileSync(file, bytes);
    await expect(backUp()).rejects.toThrow();
    expect(readdirSync(target)).toEqual([]);
    expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a restore changes nothing and says why', () => {
  async function refused(file: string, change: Partial<Parameters<typeof restoreBackup>[0]>, words: string) {
    const before = contentOf(home);
    await expect(restore(file, change)).rejects.toThrow(words);
    expect(contentOf(home)).toEqual(before);
  }

  test('where a service runs, --replace is missing, the passphrase is another, or the file is damaged', async () => {
    await remember(1);
    const { file } = await backUp();
    for (const name of ['up.lock', 'bots.lock']) {
      const lock = takeProcessLock(join(home, name));
      await refused(file, {}, 'InfoBot runs');
      lock?.release();
    }
    await refused(file, { replace: false }, '--replace');
    await refused(file, { passphrase: 'another passphrase' }, 'does not open');
    truncateSync(file, statSync(file).size - 1);
    await refused(file, {}, 'is damaged');
    await refused(join(folder, 'none'), {}, 'cannot be read');
    expect(await remembered()).toBe('{"number":1}');
  });

  test('where the backup is of a newer version', async () => {
    await remember(1);
    const { file } = await backUp();
    const clear = join(folder, 'clear.db');
    await unsealFile(file, clear, PASSPHRASE.text);
    const database = new DatabaseSync(clear);
    database.exec("insert into schemaMigration values (999, 'later', '', '', 1)");
    database.close();
    const { sealFile } = await import('../platform/sealed-file.ts');
    const newer = join(folder, 'newer');
    await sealFile(clear, newer, { passphrase: PASSPHRASE.text, facts: {}, costLog2: 4 });
    await refused(newer, {}, 'newer version');
  });
});

test('a restore puts what was there aside and marks the home', async () => {
  await remember(1);
  const { file } = await backUp();
  await remember(2);
  const { aside } = await restore(file);
  expect(await remembered()).toBe('{"number":1}');
  expect(await remembered(aside ?? '')).toBe('{"number":2}');
  expect((await restoredMark(home))?.backupMs).toBe(NOW_MS);
  writeFileSync(join(home, 'restored.json'), '{');
  expect((await restoredMark(home))?.backupMs).toBe(0);
});

describe('a check of a home', () => {
  test('names what is wrong with each database and changes nothing', async () => {
    await remember(1);
    openAccess({ home, time: systemTime }).close();
    expect((await checkHome(configOf(home))).sound).toBe(true);
    const bytes = readFileSync(join(home, 'trading.db'));
    bytes.fill(0xa5, 4_096 * 3, 4_096 * 5);
    writeFileSync(join(home, 'trading.db'), bytes);
    rmSync(join(home, 'access.db'));
    const { sound, databases } = await checkHome(configOf(home));
    expect(sound).toBe(false);
    expect(databases.map(({ faults }) => faults[0])).toEqual([
      expect.stringMatching(/damaged|cannot be read/),
      'It does not exist.',
    ]);
    expect(readFileSync(join(home, 'trading.db')).equals(bytes)).toBe(true);
    expect(existsSync(join(home, 'access.db'))).toBe(false);
  });
});

test('a home that was restored where there was none is sound; a folder is no backup', async () => {
  await remember(1);
  const { file } = await backUp();
  const other = join(folder, 'other');
  await expect(restore(target, { home: other })).rejects.toThrow('is a folder, no backup');
  await restore(file, { home: other });
  expect(await checkHome(configOf(other))).toMatchObject({ sound: true, databases: [{ looked: true }] });
});
