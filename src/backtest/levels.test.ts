import { describe, expect, it } from 'vitest';
import { type Level, nextHit } from './levels.ts';

const stop: Level = { price: 90, rising: false, resting: false };
const profit: Level = { price: 110, rising: true, resting: false };
const rung: Level = { price: 95, rising: false, resting: true };

describe('nextHit', () => {
  it.each([
    ['meets nothing on a way between the levels', 100, 105, null],
    ['meets a falling level exactly there', 100, 80, 90],
    ['meets a rising level exactly there', 100, 120, 110],
    ['meets a level it only just reaches', 100, 90, 90],
    ['meets at once a level it stands beyond already', 85, 84, 85],
  ])('%s', (_, from, to, price) => {
    expect(nextHit([stop, profit], { from, to, jumps: false })?.price ?? null).toBe(price);
  });

  it('meets the nearest level first, whatever their order', () => {
    const way = { from: 100, to: 80, jumps: false };
    expect(nextHit([stop, rung], way)).toEqual({ price: 95, resting: true });
    expect(nextHit([rung, stop], way)).toEqual({ price: 95, resting: true });
  });

  it('meets a level where a jump over it lands', () => {
    expect(nextHit([stop, profit], { from: 100, to: 70, jumps: true })).toEqual({
      price: 70,
      resting: false,
    });
  });
});
