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
});
