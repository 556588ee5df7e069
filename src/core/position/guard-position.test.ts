import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, held, OPENED_MS, rules, STEP_MS } from '../../../test/fixture/guarded-position.ts';
import type { Direction } from '../domain/order.ts';
import type { GuardedPosition } from './exit-rule.ts';
import { EMPTY_GUARD_MEMORY, type GuardMemory } from './guard-memory.ts';
import { type Guarding, guardPosition } from './guard-position.ts';

/** Guards along prices ten seconds apart, the stop following what is wanted; each step of the way. */
function trace(position: GuardedPosition, prices: readonly number[], exit = rules()): Guarding[] {
  let memory: GuardMemory = EMPTY_GUARD_MEMORY;
  let now = position;
  return prices.map((price, index) => {
    const timeMs = OPENED_MS + (index + 1) * STEP_MS;
    const guarding = guardPosition(now, memory, at(price, { timeMs }), { exit, paused: false });
    memory = guarding.memory;
    if (guarding.stop !== null) {
      now = { ...now, stopPrice: guarding.stop.price, stopKind: guarding.stop.kind };
    }
    return guarding;
  });
}

/** One line of the golden traces: break-even, trailing stop, trailing take, result. */
function told({ memory, finding }: Guarding): unknown[] {
  const round = (price: number | undefined): number | null =>
    price === undefined ? null : Number(price.toFixed(9));
  const { breakEvenPrice, trailing } = memory;
  return [
    round(breakEvenPrice ?? undefined),
    round(trailing?.stopPrice),
    round(trailing?.takePrice),
    finding?.reason ?? 'hold',
  ];
}

describe('golden traces', () => {
  it('follows a long up and closes it at its trailing stop', () => {
    expect(trace(held('long'), [101, 121, 131, 140, 134, 132.9]).map(told)).toEqual([
      [null, null, null, 'hold'],
      [100.1, null, null, 'hold'],
      [100.1, 124.45, 130.345, 'hold'],
      [100.1, 133, 139.3, 'hold'],
      [100.1, 133, 139.3, 'hold'],
      [100.1, 133, 139.3, 'trailing-stop'],
    ]);
  });

  it('follows a short down and closes it at its trailing stop', () => {
    expect(trace(held('short'), [99, 79, 69, 60, 62, 63.1]).map(told)).toEqual([
      [null, null, null, 'hold'],
      [99.9, null, null, 'hold'],
      [99.9, 72.45, 69.345, 'hold'],
      [99.9, 63, 60.3, 'hold'],
      [99.9, 63, 60.3, 'hold'],
      [99.9, 63, 60.3, 'trailing-stop'],
    ]);
  });

  it('closes a long at break-even after its trigger', () => {
    expect(trace(held('long'), [121, 110, 100]).map((step) => told(step).at(-1))).toEqual([
      'hold',
      'hold',
      'break-even',
    ]);
  });

  it('closes a long at its stop', () => {
    expect(trace(held('long'), [90, 85]).map((step) => told(step).at(-1))).toEqual(['hold', 'stop-loss']);
  });

  it('closes at break-even when the price jumps past it', () => {
    const [, after] = trace(held('long'), [121, 95]);
    expect(after?.finding).toMatchObject({ reason: 'break-even', code: 'exit.break-even', threshold: 100.1 });
  });
});

describe('break-even', () => {
  const arm = (changes: Partial<GuardedPosition>, exit: Record<string, unknown> = {}) =>
    trace(held('long', changes), [121], rules(exit))[0]?.memory.breakEvenPrice;

  it('stands on the entry without fees, and with rebates', () => {
    expect(arm({ feePerUnit: 0 })).toBe(100);
    expect(arm({ feePerUnit: -0.5 })).toBe(100);
  });

  it('stays armed when the profit is gone again, and when its trigger is raised', () => {
    const [armed] = trace(held('long'), [121]);
    const later = guardPosition(held('long'), armed!.memory, at(105), {
      exit: rules({ breakEvenTriggerPct: 90 }),
      paused: false,
    });
    expect(later.memory.breakEvenPrice).toBeCloseTo(100.1, 9);
  });

  it('is not armed before the price has cleared its level, for it would end at once', () => {
    // Fees of 10 a coin put the level at 125.
    expect(arm({ feePerUnit: 10 })).toBeNull();
    expect(trace(held('long', { feePerUnit: 10 }), [126])[0]?.memory.breakEvenPrice).toBe(125);
  });

  it('can be switched off', () => {
    expect(arm({}, { breakEvenTriggerPct: null })).toBeNull();
  });
});

describe('the trailing stop', () => {
  const near = { trailingActivationPct: 3, trailingDistancePct: 2.9, breakEvenTriggerPct: null };

  it('is never worse than the entry', () => {
    // 3.99 % back from 104 would be 99.85.
    const exit = rules({ ...near, trailingActivationPct: 4, trailingDistancePct: 3.99 });
    expect(trace(held('long'), [104], exit)[0]?.memory.trailing?.stopPrice).toBe(100);
  });

  it('is never worse than break-even', () => {
    const exit = rules({ ...near, breakEvenTriggerPct: 2 });
    expect(trace(held('long', { feePerUnit: 0.4 }), [103], exit)[0]?.memory.trailing?.stopPrice).toBe(101);
  });

  it('names itself when the mark price reaches the stop it has set', () => {
    const [woken] = trace(held('long'), [131]);
    const position = held('long', { stopPrice: 124.5, stopKind: 'trailing' });
    const moment = at(126, { markPrice: 124.4 });
    const { finding } = guardPosition(position, woken!.memory, moment, { exit: rules(), paused: false });
    expect(finding).toMatchObject({ reason: 'trailing-stop', value: 124.4, threshold: 124.5 });
  });

  it('closes at its take when it may', () => {
    const exit = rules({ trailingTakeCloses: true });
    const steps = trace(held('long'), [140, 139.4, 139.2], exit);
    expect(steps.map(({ finding }) => finding?.code ?? null)).toEqual([null, null, 'exit.trailing-take']);
  });

  it('stays where it is when its distances are widened', () => {
    const [woken] = trace(held('long'), [131]);
    const exit = rules({ trailingDistancePct: 20, trailingTakePct: 10 });
    const after = guardPosition(held('long'), woken!.memory, at(132), { exit, paused: false });
    expect(told(after)).toEqual([100.1, 124.45, 130.345, 'hold']);
  });

  it('keeps its levels when it is switched off, and follows no more', () => {
    const [woken] = trace(held('long'), [131]);
    const exit = rules({ trailingActivationPct: null });
    const after = guardPosition(held('long'), woken!.memory, at(140), { exit, paused: false });
    expect(after.memory.trailing).toBe(woken!.memory.trailing);
  });
});

describe('whatever prices come', () => {
  /** Walks in steps of up to 3 % from 100, long enough to wake and end everything. */
  const paths = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 120 }).map((steps) => {
    let price = 100;
    return steps.map((step) => (price *= 1 + step / 1000));
  });
  const directions = fc.constantFrom<Direction>('long', 'short');
  const near = { trailingActivationPct: 4, trailingDistancePct: 2, breakEvenTriggerPct: 2 };
  const settings = fc.constantFrom(rules(), rules({ ...near, takeProfitPct: null }));

  it('moves stops in favour only, and never beyond the last price', () => {
    fc.assert(
      fc.property(directions, paths, settings, (direction, path, exit) => {
        const sign = direction === 'long' ? 1 : -1;
        let stopPrice = direction === 'long' ? 85 : 115;
        for (const [index, step] of trace(held(direction), path, exit).entries()) {
          if (step.finding !== null) return;
          const wanted = step.stop?.price ?? stopPrice;
          expect((wanted - stopPrice) * sign).toBeGreaterThanOrEqual(0);
          expect(((path[index] ?? Number.NaN) - wanted) * sign).toBeGreaterThan(0);
          stopPrice = wanted;
        }
      }),
    );
  });

  it('gives the same answer to the same question', () => {
    fc.assert(
      fc.property(directions, paths, (direction, path) => {
        expect(trace(held(direction), path)).toEqual(trace(held(direction), path));
      }),
    );
  });

  it.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY, null])(
    'decides nothing on a price of %s',
    (price) => {
      const memory: GuardMemory = {
        ...EMPTY_GUARD_MEMORY,
        breakEvenPrice: 100.1,
        trailing: { referencePrice: 131, stopPrice: 124.45, takePrice: 130.345 },
        rsiExitWaiting: true,
      };
      const exit = rules({
        rsiExitWaitBreakEven: true,
        partialTakeProfits: [{ profitPct: 1, sharePct: 50 }],
      });
      const guarding = guardPosition(held('long', { stopPrice: 124.5 }), memory, at(price), {
        exit,
        paused: false,
      });
      expect(guarding).toEqual({ memory, finding: null, partial: null, stop: null });
      expect(guarding.memory).toBe(memory);
    },
  );
});
