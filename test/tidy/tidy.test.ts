import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Fewer files than this and the checks have looked at nothing. */
const FILES_MIN = 200;
const LINES_MAX = 300;
const BANNED = [
  'manager',
  'helper',
  'util',
  'utils',
  'common',
  'misc',
  'enhanced',
  'smart',
  'legacy',
  'new',
  'info',
];
/** Banned when it is the whole name. */
const BANNED_ALONE = ['data'];
/** The shape of a schema or of a list: its words stand there. */
const DERIVED = /= z\.infer<|= \(typeof \w+\)\[number\]/;
const LEFT_OVER = /\b(TODO|FIXME|XXX|HACK)\b/;

interface Source {
  readonly path: string;
  readonly text: string;
}

interface Export {
  readonly path: string;
  readonly name: string;
  readonly documented: boolean;
}

const sources = [...filesOf('src'), ...filesOf('web/src')];

function filesOf(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The room of a file: its folder, two levels deep inside core, one elsewhere. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts[1] === 'core' ? parts.slice(0, 3).join('/') : parts.slice(0, 2).join('/');
}

function exportsOf({ path, text }: Source): readonly Export[] {
  const found: Export[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const name = /^export (?:async )?(?:abstract )?(?:function\*?|class|const|interface|type) (\w+)/.exec(
      line,
    )?.[1];
    if (name !== undefined && !DERIVED.test(line))
      found.push({ path, name, documented: (lines[index - 1] ?? '').trim().endsWith('*/') });
  }
  return found;
}

/** `path#name` of everything a file of another room imports. */
function crossingNames(): ReadonlySet<string> {
  const crossing = new Set<string>();
  for (const { path, text } of sources) {
    for (const match of text.matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']+)'/g)) {
      const target = relative(root, resolve(root, dirname(path), match[2] ?? ''));
      if (roomOf(target) === roomOf(path)) continue;
      for (const part of (match[1] ?? '').split(',')) {
        crossing.add(
          `${target}#${
            part
              .trim()
              .replace(/^type /, '')
              .split(' as ')[0]
          }`,
        );
      }
    }
  }
  return crossing;
}

describe('the tree', () => {
  it('is really looked at', () => {
    expect(sources.length).toBeGreaterThan(FILES_MIN);
  });

  it('has no file above the wall of 300 lines', () => {
    const long = sources
      .filter(({ text }) => text.split('\n').length - 1 > LINES_MAX)
      .map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it('has no left-over markers', () => {
    expect(sources.filter(({ text }) => LEFT_OVER.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('names no file and no export with a banned word', () => {
    const named = sources.flatMap((source) => [
      ...(isBanned(fileNameOf(source.path).split('-')) ? [source.path] : []),
      ...exportsOf(source)
        .filter(({ name }) => isBanned(wordsOf(name)))
        .map(({ path, name }) => `${path}#${name}`),
    ]);
    expect(named).toEqual([]);
  });

  it('documents every export that another room imports', () => {
    const crossing = crossingNames();
    const exported = sources.flatMap(exportsOf).filter(({ path, name }) => crossing.has(`${path}#${name}`));
    expect(exported.length).toBeGreaterThan(100);
    const bare = exported.filter(({ documented }) => !documented).map(({ path, name }) => `${path}#${name}`);
    expect(bare).toEqual([]);
  });

  it('writes the name of a mode of trading nowhere but in app', () => {
    const asking = sources.filter(
      ({ path, text }) =>
        path.startsWith('src/') && !path.startsWith('src/app/') && /=== '(paper|live)'/.test(text),
    );
    expect(asking.map(({ path }) => path)).toEqual([]);
  });
});

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_]+/);
}

function fileNameOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.tsx?$/, '');
}

function isBanned(words: readonly string[]): boolean {
  return (
    words.some((word) => BANNED.includes(word)) ||
    (words.length === 1 && BANNED_ALONE.includes(words[0] ?? ''))
  );
}
