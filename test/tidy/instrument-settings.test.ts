import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { GLOBAL_ONLY } from '../../src/core/engine/settings.ts';

const engine = fileURLToPath(new URL('../../src/core/engine/', import.meta.url));
/** `state.settings.risk.leverage`, and `const { leverage } = state.settings.risk`. */
const READ = /state\.settings\.(\w+)(?:\.(\w+))?/;
const TAKEN = /const \{ (\w+) \} = state\.settings\.\w+;/;

/** What a file reads of the settings of all instruments, as `group.key`. */
function readsOf(file: string): string[] {
  return readFileSync(engine + file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, group, key] = READ.exec(line) ?? [];
      if (group === undefined) return [];
      const read = key ?? TAKEN.exec(line)?.[1];
      return [read === undefined ? group : `${group}.${read}`];
    });
}

it('the engine reads of the settings of all instruments only what no instrument can set for itself', () => {
  const reads = readdirSync(engine)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(readsOf);
  expect(reads.length).toBeGreaterThan(2);
  expect(reads.filter((read) => !GLOBAL_ONLY.has(read))).toEqual([]);
});
