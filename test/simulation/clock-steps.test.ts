import { expect, it } from 'vitest';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { createWorld } from './world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Step {
  readonly event: EngineEvent;
}

/** Of every stretch of three minutes: candles decided on, seconds in which the clock kept entries back. */
async function run(offMs: number) {
  let clockOffMs = 0;
  const world = await createWorld({
    seed: 5,
    settings: { timeframe: '1m', filter: OPEN_FILTERS, risk: { positionNotionalUsdt: 50, positionsMax: 40 } },
    market: (startMs) => syntheticMarket({ seed: 5, instrumentCount: 40, startMs, candleScale: 'demo' }),
    clockOffMs: () => clockOffMs,
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  const dayStart = () => JSON.stringify(world.trading().engine.tradingSnapshot().dayStart);
  await world.time.advance(3 * MINUTE_MS);
  const before = dayStart();
  const stretches: Step[][] = [];
  let read = world.journal.length;
  let furthestMs = 0;
  const heldBack: number[] = [];
  for (const setMs of [offMs, 0]) {
    clockOffMs = setMs;
    let held = 0;
    for (let second = 0; second < 180; second += 1) {
      await world.time.advance(1_000);
      const last = JSON.parse(world.journal.at(-1) ?? '') as Step;
      if (world.trading().mode().reason.includes('The clock of this machine')) held += 1;
      furthestMs = Math.max(furthestMs, Math.abs(last.event.timeMs - world.time.nowMs()));
    }
    heldBack.push(held);
    stretches.push(world.journal.slice(read).map((line) => JSON.parse(line) as Step));
    read = world.journal.length;
  }
  await world.stop();
  const counts = stretches.map((steps, index) => ({
    candles: steps
      .filter(({ event }) => event.kind === 'candle-closed')
      .map(({ event }) =>
        event.kind === 'candle-closed' ? `${event.instrumentId} ${event.candle.openTimeMs}` : '',
      )
      .sort(),
    heldBack: heldBack[index] ?? 0,
  }));
  return { counts, furthestMs, dayKept: dayStart() === before };
}

it.each([1, -1, 24, -24])(
  'a clock that is %d hours off keeps entries back and changes nothing else; set right again it changes nothing',
  { timeout: 60_000 },
  async (hours) => {
    const [off, right] = [await run(hours * HOUR_MS), await run(0)];
    expect(off.furthestMs).toBeLessThan(5_000);
    expect(off.dayKept).toBe(true);
    expect(off.counts.map(({ candles }) => candles)).toEqual(right.counts.map(({ candles }) => candles));
    for (const { candles } of off.counts) {
      expect(candles).toHaveLength(40 * 3);
      expect(new Set(candles).size).toBe(candles.length);
    }
    const [during, after] = off.counts.map(({ heldBack }) => heldBack);
    expect(during).toBeGreaterThan(175);
    expect(after).toBeLessThan(10);
    expect(right.counts.map(({ heldBack }) => heldBack)).toEqual([0, 0]);
  },
);
