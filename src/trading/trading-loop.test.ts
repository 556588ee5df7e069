import { describe, expect, it } from 'vitest';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { TradingLoop } from './trading-loop.ts';

const PROTECT = { kind: 'timer', name: 'protect' } as const;
const ENTRY_PASS = { kind: 'timer', name: 'entry-pass' } as const;

/** A loop over an engine of which only `step` is called. */
function bench(step: (event: EngineEvent) => void) {
  const time = new VirtualTime(1_000);
  const broken: string[] = [];
  const engine: Pick<Engine, 'step'> = {
    step: (event) => {
      step(event);
      return [];
    },
  };
  const loop = new TradingLoop({ engine: engine as Engine, time, onBroken: (detail) => broken.push(detail) });
  return { loop, broken };
}

/** A loop on a clock that is set by hand; gives the stamps of its steps. */
function setClock() {
  const clock = { wallMs: 10_000, monotonicMs: 500 };
  const stamps: number[] = [];
  const loop = new TradingLoop({
    engine: {
      step: (event: EngineEvent) => {
        stamps.push(event.timeMs);
        return [];
      },
    } as unknown as Engine,
    time: {
      nowMs: () => clock.wallMs,
      monotonicMs: () => clock.monotonicMs,
      after: () => () => undefined,
    },
    onBroken: (detail) => {
      throw new Error(detail);
    },
  });
  const step = (passedMs: number, setByMs = 0): number => {
    clock.wallMs += passedMs + setByMs;
    clock.monotonicMs += passedMs;
    loop.dispatch(PROTECT);
    return stamps.at(-1) ?? 0;
  };
  return { step };
}

describe('TradingLoop', () => {
  it('runs an event raised by an observer after the step that raised it', () => {
    const seen: string[] = [];
    const { loop } = bench((event) => seen.push(event.kind === 'timer' ? event.name : event.kind));
    loop.observe({
      onStep: (sequence) => {
        seen.push(`observed ${sequence}`);
        if (sequence === 1) loop.dispatch(ENTRY_PASS);
        seen.push(`done ${sequence}`);
      },
    });
    loop.dispatch(PROTECT);
    expect(seen).toEqual(['protect', 'observed 1', 'done 1', 'entry-pass', 'observed 2', 'done 2']);
  });

  it('takes no further event after a step that has thrown, says so once, and throws at nobody', () => {
    let steps = 0;
    const { loop, broken } = bench(() => {
      steps += 1;
      throw new Error('an invariant does not hold');
    });
    expect(loop.brokenBy()).toBeNull();
    loop.dispatch(PROTECT);
    loop.dispatch(PROTECT);
    expect(steps).toBe(1);
    expect(broken).toHaveLength(1);
    expect(loop.brokenBy()).toContain('an invariant does not hold');
  });

  it('shows the event it broke at, stamped, to who wants it', () => {
    const { loop } = bench(() => {
      throw new Error('an invariant does not hold');
    });
    const seen: unknown[] = [];
    loop.observe({ onStep: () => seen.push('a step') });
    loop.observe({
      onStep: () => seen.push('a step'),
      onBrokenStep: ({ kind, timeMs }, message) => seen.push([kind, timeMs > 0, message]),
    });
    loop.dispatch(PROTECT);
    expect(seen).toEqual([['timer', true, 'an invariant does not hold']]);
  });

  it('breaks on an observer that has thrown too: its part of the step is missing', () => {
    const { loop, broken } = bench(() => undefined);
    const seen: number[] = [];
    loop.observe({
      onStep: (sequence) => {
        loop.dispatch(ENTRY_PASS);
        throw new Error(`step ${sequence}`);
      },
    });
    loop.observe({ onStep: (sequence) => seen.push(sequence) });
    loop.dispatch(PROTECT);
    expect(broken).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  it('stamps with the clock, and goes on at half its pace while that was set back', () => {
    const { step } = setClock();
    expect(step(0)).toBe(10_000);
    expect(step(100)).toBe(10_100);
    expect(step(0, -4_000), 'set back').toBe(10_100);
    expect(step(2_000)).toBe(11_100);
    for (let count = 0; count < 1_000; count += 1) step(1);
    expect(step(0)).toBe(11_600);
    // 8,100 ms behind the clock's 6,100: after 8,000 in all they have met.
    expect(step(5_000)).toBe(14_100);
    expect(step(1_000)).toBe(15_100);
    expect(step(0, 3_600_000), 'set forward').toBe(3_615_100);
  });
});
