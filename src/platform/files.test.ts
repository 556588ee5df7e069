import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preparePrivateFolder, readJsonFile, writeFileAtomic } from './files.ts';
import { prepareHome, resolveHome } from './home.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infobot-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writing a file', () => {
  test('replaces the whole content and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old and longer', { mode: 0o644 });
    await writeFileAtomic(path, 'fresh');
    expect(await readFile(path, 'utf8')).toBe('fresh');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  test('makes it its owner’s alone, also over one others could read', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, '', { mode: 0o644 });
    await writeFileAtomic(path, 'x');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('that fails leaves the old content and nothing beside it', async () => {
    const path = join(folder, 'taken');
    await preparePrivateFolder(path);
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  test('ten at once leave one of them whole', async () => {
    const path = join(folder, 'a');
    const contents = Array.from({ length: 10 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a']);
  });
});

describe('a private folder', () => {
  test('is made with those above it and is its owner\u2019s alone', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await preparePrivateFolder(path);
    await preparePrivateFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  test('is refused where the system has no such place, in finite time', async () => {
    await expect(preparePrivateFolder('/proc/none/of/this')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(prepareHome('/proc/none')).rejects.toThrow('The home folder /proc/none cannot be used');
  });

  test('is refused where a file stands in the way', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(preparePrivateFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(preparePrivateFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('reading JSON', () => {
  test('gives the value', async () => {
    await writeFile(join(folder, 'a'), '{"a":[1]}');
    expect(await readJsonFile(join(folder, 'a'))).toEqual({ ok: true, value: { a: [1] } });
  });

  test.each([
    ['missing', 'none', 'missing'],
    ['a folder', '.', 'unreadable'],
    ['cut off', 'cut', 'not-json'],
    ['empty', 'empty', 'not-json'],
  ])('of a file that is %s names the file and the fault', async (_what, name, kind) => {
    await writeFile(join(folder, 'cut'), '{"a":');
    await writeFile(join(folder, 'empty'), '');
    const result = await readJsonFile(join(folder, name));
    expect(result).toMatchObject({ ok: false, error: { kind } });
    expect(JSON.stringify(result)).toContain(join(folder, name));
  });
});

describe('the home folder', () => {
  test.each([
    ['named absolutely', { INFOBOT_HOME: '/srv/bot' }, '/srv/bot'],
    ['named relatively', { INFOBOT_HOME: 'mine' }, '/somewhere/mine'],
    ['not named', {}, '/somewhere/data'],
    ['named by blanks', { INFOBOT_HOME: '  ' }, '/somewhere/data'],
  ])('%s is %o -> %s', (_what, environment, home) => {
    expect(resolveHome(environment, '/somewhere')).toBe(home);
  });

  test('is closed to others, also when it was open before', async () => {
    await prepareHome(join(folder, 'x', 'home'));
    expect((await stat(join(folder, 'x', 'home'))).mode & 0o777).toBe(0o700);
    const open = await mkdtemp(join(folder, 'open'));
    await prepareHome(open);
    expect((await stat(open)).mode & 0o777).toBe(0o700);
  });
});
