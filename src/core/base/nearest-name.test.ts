import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

const NAMES = ['rsiLongMax', 'rsiShortMin', 'leverage', 'stopLossPct'];

describe('nearestName', () => {
  it.each([
    ['rsiLongmax', 'rsiLongMax'],
    ['stopLoss', 'stopLossPct'],
    ['levarage', 'leverage'],
    ['rsiLong', 'rsiLongMax'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearestName(typed, NAMES)).toBe(meant);
  });

  it.each(['banana', '', 'x', 'maximumDrawdown'])('takes %j for none of them', (typed) => {
    expect(nearestName(typed, NAMES)).toBeNull();
  });
});
