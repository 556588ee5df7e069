import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeProcessLock } from '../platform/process-lock.ts';
import { readConfig } from './config.ts';
import { restoreHome } from './db-commands.ts';
import { haltHome } from './halt-commands.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-halt-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function configOf(home: string) {
  const config = readConfig({
    environment: { INFOBOT_HOME: home },
    workingFolder: folder,
    isTerminal: false,
  });
  if (!config.ok) throw new Error(config.error);
  return config.value;
}

test('a halt where no InfoBot is set up is refused, names the home and makes nothing', async () => {
  const home = join(folder, 'none');
  await expect(haltHome(configOf(home), '')).rejects.toThrow(home);
  expect(existsSync(home)).toBe(false);
  mkdirSync(home);
  await expect(haltHome(configOf(home), '')).rejects.toMatchObject({ name: 'UsageError' });
  expect(existsSync(join(home, 'halt.json'))).toBe(false);
});

test('a halt tells a service that runs and does not answer from none', async () => {
  writeFileSync(join(folder, 'bots.lock'), '');
  expect(await haltHome(configOf(folder), 'why')).toMatchObject({ told: false, running: false });
  const lock = takeProcessLock(join(folder, 'bots.lock'));
  expect(await haltHome(configOf(folder), 'why')).toMatchObject({ told: false, running: true });
  lock?.release();
});

test('a restore of a backup that is not there says so before it asks for a passphrase', async () => {
  const asked = { file: join(folder, 'nope'), replace: false, passphraseFile: null };
  await expect(restoreHome(configOf(folder), asked, {})).rejects.toThrow('nope does not exist');
});
