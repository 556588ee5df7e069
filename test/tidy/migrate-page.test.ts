import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { KEYS_NOT_TAKEN } from '../../src/app/predecessor/keys-not-taken.ts';
import { PREDECESSOR_FILES } from '../../src/app/predecessor/plan-import.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('docs/operating/migrate.md is what the import’s table says', () => {
  const check = ['scripts/migrate-page.mjs', '--check'];
  expect(() => execFileSync(process.execPath, check, { cwd: root, stdio: 'pipe' })).not.toThrow();
});

it('docs/operating/migrate.md names every file and every key that is not taken', () => {
  const page = readFileSync(`${root}/docs/operating/migrate.md`, 'utf8');
  for (const name of [...PREDECESSOR_FILES, ...Object.keys(KEYS_NOT_TAKEN)]) {
    expect(page, name).toContain(`\`${name}\``);
  }
});
