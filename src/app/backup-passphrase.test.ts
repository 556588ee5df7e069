import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { passphraseToOpen, passphraseToSeal } from './backup-passphrase.ts';

let folder = '';
let home = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-passphrase-'));
  home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the passphrase', () => {
  const file = (text: string): string => {
    const path = join(folder, 'passphrase');
    writeFileSync(path, text);
    return path;
  };

  test('comes from the file, else the environment, else the home’s own key, which is kept', async () => {
    const environment = { INFOBOT_BACKUP_PASSPHRASE: 'of the environment' };
    expect(await passphraseToSeal({ home, file: file('of the given file\n'), environment })).toEqual({
      text: 'of the given file',
      from: 'file',
    });
    expect(await passphraseToSeal({ home, file: null, environment })).toMatchObject({ from: 'environment' });
    const none = { home, file: null, environment: {} };
    await expect(passphraseToOpen(none)).rejects.toThrow('--passphrase-file');
    const own = await passphraseToSeal(none);
    expect(own.from).toBe('home');
    expect(await passphraseToOpen(none)).toEqual(own);
    rmSync(join(home, 'backup.key'));
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => passphraseToSeal(none)));
    expect(new Set(atOnce.map(({ text }) => text))).toEqual(new Set([(await passphraseToOpen(none)).text]));
    expect(statSync(join(home, 'backup.key')).mode & 0o777).toBe(0o600);
  });

  test('has twelve characters at least', async () => {
    await expect(passphraseToSeal({ home, file: file('elevenchars'), environment: {} })).rejects.toThrow(
      'fewer',
    );
  });
});
