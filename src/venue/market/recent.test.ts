import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

function recorder(): { readonly made: number[]; readonly get: (key: number) => number } {
  const made: number[] = [];
  const recent = new Recent<number>(2);
  const get = (key: number): number =>
    recent.get(key, () => {
      made.push(key);
      return key * 10;
    });
  return { made, get };
}

describe('Recent', () => {
  it('makes a value once while it is kept', () => {
    const { made, get } = recorder();
    expect([get(1), get(1), get(2), get(1)]).toEqual([10, 10, 20, 10]);
    expect(made).toEqual([1, 2]);
  });

  it('forgets the value that was used longest ago', () => {
    const { made, get } = recorder();
    for (const key of [1, 2, 1, 3, 1, 2]) get(key);
    expect(made).toEqual([1, 2, 3, 2]);
  });
});
