import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SETTINGS_PATHS } from '../../src/core/engine/settings-fault.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('docs/configuration.md is what the schemas say', () => {
  const check = ['scripts/configuration-page.mjs', '--check'];
  expect(() => execFileSync(process.execPath, check, { cwd: root, stdio: 'pipe' })).not.toThrow();
});

it('docs/configuration.md names every key and says what it does', () => {
  const page = readFileSync(`${root}/docs/configuration.md`, 'utf8');
  for (const path of SETTINGS_PATHS) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${path}\` |`));
    const [, , , , , what = ''] = (row ?? '').split(/(?<!\\)\|/).map((cell) => cell.trim());
    expect(what, path).not.toBe('');
  }
});
