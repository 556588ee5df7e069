import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppConfig, readConfig } from './config.ts';
import { markRestored, restoredMark } from './restored-mark.ts';
import { ensureVenueControl, ensureVenueKey, serviceTokens } from './service-secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-home-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function config(): AppConfig {
  const read = readConfig({
    environment: { INFOBOT_HOME: folder },
    workingFolder: folder,
    isTerminal: false,
  });
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** The file's content without its end, at every length it can be cut off to. */
function* cuts(file: string): Generator<Buffer> {
  const whole = readFileSync(join(folder, file));
  for (let length = 0; length < whole.toString().trimEnd().length; length += 1) {
    const cut = whole.subarray(0, length);
    writeFileSync(join(folder, file), cut);
    yield cut;
  }
  writeFileSync(join(folder, file), whole);
}

test.each([
  ['venue-key.json', ensureVenueKey],
  ['venue-control.json', ensureVenueControl],
  ['service-tokens.json', serviceTokens],
])('%s cut off anywhere is named, left as it is, and never made anew', async (file, read) => {
  const before = await read(config());
  for (const cut of cuts(file)) {
    await expect(read(config())).rejects.toThrow(basename(file));
    expect(readFileSync(join(folder, file)).equals(cut)).toBe(true);
  }
  expect(await read(config())).toEqual(before);
});

test('the mark of a restored home holds however it is damaged', async () => {
  expect(await restoredMark(folder)).toBeNull();
  await markRestored(folder, { backupMs: 5, restoredMs: 6, backup: 'x' });
  for (const cut of cuts('restored.json')) {
    expect(await restoredMark(folder), cut.toString()).not.toBeNull();
  }
  expect(await restoredMark(folder)).toEqual({ backupMs: 5, restoredMs: 6, backup: 'x' });
});
