import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extremeMinute, type Surge, surgeAt, surgeOf } from './surge.ts';

const always = { share: 1, depthMin: 0.2, depthMax: 0.5, slideShare: 0.5 };

function surges(): fc.Arbitrary<Surge> {
  return fc.integer({ min: 0, max: 1e6 }).map((hour) => surgeOf(7, hour, always)!);
}

describe('surge', () => {
  it('starts inside its hour and is gone 60 minutes later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (hour) => {
        const surge = surgeOf(7, hour, always)!;
        expect(Math.floor(surge.startMinute / 60)).toBe(hour);
        expect(surgeAt(surge, surge.startMinute)).toBe(0);
        expect(surgeAt(surge, surge.startMinute + 60)).toBe(0);
      }),
    );
  });

  it('reaches its depth at its extreme and goes no farther', () => {
    fc.assert(
      fc.property(surges(), fc.double({ min: 0, max: 60, noNaN: true }), (surge, after) => {
        expect(surgeAt(surge, extremeMinute(surge))).toBeCloseTo(surge.sign * surge.depth, 8);
        expect(Math.abs(surgeAt(surge, surge.startMinute + after))).toBeLessThanOrEqual(surge.depth + 1e-12);
      }),
    );
  });

  it('never jumps: a second moves it by a small part of its depth', () => {
    fc.assert(
      fc.property(surges(), fc.double({ min: -1, max: 61, noNaN: true }), (surge, after) => {
        const minute = surge.startMinute + after;
        const move = Math.abs(surgeAt(surge, minute + 1 / 60) - surgeAt(surge, minute));
        expect(move).toBeLessThan(surge.depth * 0.02);
      }),
    );
  });

  it('comes in the share of hours it is given', () => {
    const hours = Array.from({ length: 4000 }, (_, hour) => surgeOf(3, hour, { ...always, share: 0.25 }));
    const share = hours.filter((surge) => surge !== null).length / hours.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  });
});
