import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/access.ts';
import { systemTime } from '../../src/platform/time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { runCommand } from './product.ts';

let home = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'infobot-db-'));
  openAccess({ home, time: systemTime }).close();
  await openStore({ file: join(home, 'trading.db'), time: systemTime }).close();
});
afterAll(() => rmSync(home, { recursive: true }));

const db = (...args: readonly string[]) => runCommand(['db', ...args], { INFOBOT_HOME: home });

describe('infobot db', () => {
  it('checks, backs up and restores: 0 done, 1 not, 2 wrong usage', async () => {
    const backup = await db('backup', '--json');
    expect(backup.code).toBe(0);
    const { file } = JSON.parse(backup.output);
    expect((await db('restore', file)).code).toBe(1);
    const restored = await db('restore', file, '--replace', '--json');
    expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('"aside":') });
    const check = await db('check', '--json');
    expect(check.code).toBe(0);
    expect(JSON.parse(check.output)).toMatchObject({ sound: true, restored: { backup: expect.any(String) } });
    for (const args of [['backup', '--keep', '0'], ['restore'], ['backup', '--passphrase-file', '/nosuch']]) {
      const { code, output } = await db(...args);
      expect([code, output]).toEqual([2, expect.not.stringMatching(/\n\s+at /)]);
    }
    writeFileSync(join(home, 'trading.db'), 'no database at all, but of some length');
    expect(await db('check')).toMatchObject({ code: 1, output: expect.stringContaining('trading.db: It') });
    expect(await db('backup')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${join(home, 'trading.db')} cannot be copied`),
    });
  });

  it.each(['check', 'backup', 'restore'])('%s explains itself with an example', async (name) => {
    const { code, output } = await db(name, '--help');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`Examples?:\\n {2}infobot db ${name}`));
  });
});
