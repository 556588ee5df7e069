import { describe, expect, it } from 'vitest';
import { context, filterSettings, NEWEST_OPEN_MS, signal } from '../../../test/scenario/entry-makers.ts';
import { closesOf, entryMarket, seriesOf } from '../../../test/scenario/market-makers.ts';
import { CANDLE_MS } from '../../../test/scenario/story.ts';
import { rng } from '../base/rng.ts';
import type { Direction } from '../domain/order.ts';
import { correlation, returnCorrelation } from './correlation.ts';

/** Closes from 100 whose log returns are these. */
function walk(returns: readonly number[]): number[] {
  let close = 100;
  return [100, ...returns.map((step) => (close *= Math.exp(step)))];
}

function noise(seed: number, length = 80): number[] {
  const dice = rng(seed);
  return Array.from({ length }, () => dice.normal() * 0.02);
}

const own = noise(1);
const alike = own.map((step, at) => step + 0.001 * (noise(2)[at] ?? 0));
const opposite = own.map((step) => -step);

function judged(
  held: readonly (readonly [Direction, readonly number[]])[],
  kind: 'enter-long' | 'enter-short' | 'wait' = 'enter-long',
  changes = {},
) {
  return correlation(
    context({
      signal: signal({ kind }),
      market: entryMarket({}, { candles: closesOf(walk(own)) }),
      heldMarkets: () => held.map(([direction, steps]) => ({ direction, candles: closesOf(walk(steps)) })),
      settings: filterSettings({ correlationPositionsMax: 0, ...changes }),
    }),
  );
}

describe('correlation of returns', () => {
  it('is 1 with itself, -1 with its mirror, and near 0 with another', () => {
    const mine = closesOf(walk(own));
    expect(returnCorrelation(mine, mine, 60)).toBeCloseTo(1, 12);
    expect(returnCorrelation(mine, closesOf(walk(opposite)), 60)).toBeCloseTo(-1, 12);
    expect(Math.abs(returnCorrelation(mine, closesOf(walk(noise(9))), 60))).toBeLessThan(0.4);
  });

  it('is that of a hand-worked example', () => {
    // Returns 1 2 3 and 2 1 3: means 2, products -1 * 0 + 0 * -1 + 1 * 1 = 1, squares 2 each: 1 / 2.
    const first = closesOf(walk([0.01, 0.02, 0.03]));
    const second = closesOf(walk([0.02, 0.01, 0.03]));
    expect(returnCorrelation(first, second, 3)).toBeCloseTo(0.5, 12);
  });

  it('compares the candles both hold, whichever has one more', () => {
    const full = seriesOf(walk(own).map((close) => ({ close })));
    const behind = seriesOf(
      walk(own)
        .slice(0, -1)
        .map((close) => ({ close })),
      '6h',
      NEWEST_OPEN_MS - CANDLE_MS,
    );
    expect(returnCorrelation(full, behind, 60)).toBeCloseTo(1, 12);
    expect(returnCorrelation(behind, full, 60)).toBeCloseTo(1, 12);
  });

  it('is no number where there is nothing to compare', () => {
    const mine = closesOf(walk(own));
    expect(returnCorrelation(mine, closesOf(walk(own.slice(0, 59))), 60)).toBeNaN();
    expect(returnCorrelation(mine, closesOf(walk(own.map(() => 0))), 60)).toBeNaN();
    expect(
      returnCorrelation(
        mine,
        seriesOf(
          walk(own).map((close) => ({ close })),
          '1h',
        ),
        60,
      ),
    ).toBeNaN();
  });
});

describe('the same bet', () => {
  it.each([
    ['a long beside a long that moves alike', 'enter-long', ['long', alike], 1],
    ['a short beside a short that moves alike', 'enter-short', ['short', alike], 1],
    ['a long beside a short that moves alike', 'enter-long', ['short', alike], 0],
    ['a long beside a long that moves the other way', 'enter-long', ['long', opposite], 0],
    ['a long beside a short that moves the other way', 'enter-long', ['short', opposite], 1],
    ['a long beside a long that moves by itself', 'enter-long', ['long', noise(9)], 0],
    ['a long beside what cannot be compared', 'enter-long', ['long', own.slice(0, 20)], 1],
  ] as const)('is counted for %s', (_, kind, held, value) => {
    expect(judged([held], kind)).toMatchObject({
      kind: value === 0 ? 'pass' : 'veto',
      value,
      threshold: 0,
      margin: 0 - value,
      unit: 'positions',
    });
  });

  it('may be held as often as the settings allow', () => {
    const two = [
      ['long', alike],
      ['long', alike],
    ] as const;
    expect(judged(two, 'enter-long', { correlationPositionsMax: 2 })).toMatchObject({
      kind: 'pass',
      margin: 0,
    });
    expect(judged(two, 'enter-long', { correlationPositionsMax: 1 }).code).toBe(
      'filter.correlation.same-bet',
    );
  });

  it('needs no look without positions, a direction or a threshold', () => {
    expect(judged([])).toMatchObject({ kind: 'pass', value: 0 });
    expect(judged([['long', alike]], 'wait').kind).toBe('pass');
    const off = judged([['long', alike]], 'enter-long', { correlationPositionsMax: null });
    expect(off.code).toBe('filter.correlation.off');
  });
});
