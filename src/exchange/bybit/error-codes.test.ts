import { describe, expect, it } from 'vitest';
import { isDone, type LevelWrite, type Reaction, reactionToCode, reactionToStatus } from './error-codes.ts';

const TABLE: Readonly<Record<string, readonly number[]>> = {
  clock: [10002, -1],
  rate: [10006, 10018, 10429],
  busy: [10016, 10019, 110079, 110114],
  ambiguous: [10000],
  key: [10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 33004],
  'definite (request)': [
    10001, 10014, 10017, 10029, 110003, 110009, 110020, 110061, 110072, 110092, 110093, 110094, 110019,
    110032, 110049,
  ],
  'definite (no money)': [
    110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053, 110090, 110131,
  ],
  'definite (instrument paused)': [
    110023, 110042, 110063, 110066, 110074, 110095, 110096, 110097, 110098, 110099, 110100, 110101, 110102,
    110103,
  ],
  'definite (mode)': [110024, 110028, 110029, 110015, 110036, 110013],
  'definite (state reached, close)': [
    110025, 110026, 110027, 110043, 34040, 110001, 110008, 110010, 110017, 110034,
  ],
};
const ROWS = Object.entries(TABLE).flatMap(([name, codes]) =>
  codes.map((code) => [code, name.split(' ')[0] as Reaction] as const),
);

describe('reactions to codes', () => {
  it('cover the whole table', () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(ROWS.map(([code]) => code)).size).toBe(ROWS.length);
  });

  it.each(ROWS)('code %i is %s', (code, reaction) => {
    expect(reactionToCode(code)).toBe(reaction);
  });

  it.each([1, 12345, 999_999, 110_999, -7, 170_001])('unlisted code %i may have been carried out', (code) => {
    expect(reactionToCode(code)).toBe('ambiguous');
  });

  it.each([
    [200, null],
    [301, 'ambiguous'],
    [400, 'definite'],
    [401, 'key'],
    [403, 'ban'],
    [404, 'definite'],
    [408, 'ambiguous'],
    [429, 'rate'],
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'ambiguous'],
    [504, 'ambiguous'],
  ] as const)('status %i is %s', (status, reaction) => {
    expect(reactionToStatus(status)).toBe(reaction);
  });

  it.each([
    ['cancel', 110001],
    ['cancel', 110008],
    ['cancel', 110010],
    ['set-stop', 34040],
    ['set-leverage', 110043],
    ['one-way', 110025],
  ] as const)('%s counts code %i as done, and no other write does', (write, code) => {
    const writes: readonly LevelWrite[] = ['cancel', 'set-stop', 'set-leverage', 'one-way'];
    expect(writes.filter((one) => isDone(one, code))).toEqual([write]);
  });
});
