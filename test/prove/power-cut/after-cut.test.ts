import { describe, expect, it } from 'vitest';
import { rng } from '../../../src/core/base/rng.ts';
import { afterCut } from './after-cut.ts';
import type { FileOperation } from './recording.ts';

const SECTOR = 512;
const BASE = new Map([['db', Buffer.alloc(2 * SECTOR, 'o')]]);

function write(letter: string, offset = 0, sectors = 2): FileOperation {
  return { kind: 'write', file: 'db', offset, bytes: Buffer.alloc(sectors * SECTOR, letter) };
}
const SYNC: FileOperation = { kind: 'sync', file: 'db' };

/** What the file looks like, a letter a sector; a hole is a dash. */
function sectors(operations: readonly FileOperation[], seed: number): string {
  const bytes = afterCut(BASE, operations, { count: operations.length, random: rng(seed) }).files.get('db');
  const letters = Array.from({ length: (bytes?.length ?? 0) / SECTOR }, (_, at) => bytes?.[at * SECTOR] ?? 0);
  return letters.map((letter) => (letter === 0 ? '-' : String.fromCharCode(letter))).join('');
}

function outcomes(operations: readonly FileOperation[]): ReadonlySet<string> {
  return new Set(Array.from({ length: 300 }, (_, seed) => sectors(operations, seed)));
}

describe('what a power cut leaves', () => {
  it('is all that was flushed', () => {
    expect(outcomes([write('a'), SYNC])).toEqual(new Set(['aa']));
  });

  it('is any part, by sectors, of what was not flushed', () => {
    expect(outcomes([write('a'), SYNC, write('b')])).toEqual(new Set(['aa', 'ab', 'ba', 'bb']));
  });

  it('is a later change without an earlier one too, with a hole where the file had not grown', () => {
    expect(outcomes([write('a', 2 * SECTOR, 1), write('b', 3 * SECTOR, 1)])).toContain('oo-b');
  });

  it('is a file that was cut or was not, until that is flushed', () => {
    const cut: FileOperation = { kind: 'truncate', file: 'db', bytes: SECTOR };
    expect(outcomes([cut])).toEqual(new Set(['o', 'oo']));
    expect(outcomes([cut, SYNC])).toEqual(new Set(['o']));
  });

  it('comes with the acknowledgements of before the cut alone', () => {
    const told = (what: string): FileOperation => ({ kind: 'acknowledged', what });
    const cut = afterCut(BASE, [told('first'), write('a'), told('second')], { count: 2, random: rng(1) });
    expect(cut).toMatchObject({ acknowledged: ['first'], unflushed: 1 });
  });
});
