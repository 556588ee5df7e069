import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionDesk } from '../../src/app/decision-desk.ts';
import { ensure } from '../../src/core/base/assert.ts';
import { ENTRY_FILTERS } from '../../src/core/filter/entry-filters.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { createWorld, type World } from './world.ts';

const INSTRUMENTS = 40;
const MINUTE_MS = 60_000;
const MINUTES = 12;

let world: World;
let desk: DecisionDesk;
beforeAll(async () => {
  world = await createWorld({
    seed: 11,
    settings: { timeframe: '1m', exit: { stopLossPct: 3 } },
    market: (startMs) =>
      syntheticMarket({ seed: 11, instrumentCount: INSTRUMENTS, startMs, candleScale: 'demo' }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(MINUTES * MINUTE_MS);
  desk = new DecisionDesk({ trading: world.trading(), store: world.store, time: world.time });
});
afterAll(() => world.stop());

describe('the decision log of a trading day', () => {
  it('gives a coin’s closes under the name a person types, page by page', async () => {
    const known = ensure(
      world.trading().engine.instrumentFacts()[0],
      'A market has instruments.',
    ).instrumentId;
    const typed = known.replace(/USDT$/, '').toLowerCase();
    const first = await desk.coinCloses(typed, { limit: 4, cursor: null }, false);
    const second = await desk.coinCloses(typed, { limit: 4, cursor: first?.nextCursor ?? null }, false);
    const times = [first, second].flatMap((page) => page?.rows.map(({ closeTimeMs }) => closeTimeMs) ?? []);
    expect(times).toEqual(Array.from({ length: 8 }, (_, index) => (times[0] ?? 0) - index * MINUTE_MS));
    expect(first?.rows.every(({ symbol }) => symbol === known)).toBe(true);
    expect(await desk.coinCloses(typed, { limit: 4, cursor: 'no cursor' }, false)).toBeNull();
    expect(await desk.coinCloses('nobody', { limit: 4, cursor: null }, false)).toEqual({
      rows: [],
      nextCursor: null,
    });
  });

  it('tells of each coin at each close what every filter measured, the quiet ones too', async () => {
    const chain = ENTRY_FILTERS.map(({ name }) => name);
    let quiet = 0;
    for (const { instrumentId } of world.trading().engine.instrumentFacts()) {
      const page = await desk.coinCloses(instrumentId, { limit: 500, cursor: null }, true);
      for (const { judged, signal, rsi, rsiLongMax, rsiShortMin, blockers } of page?.rows ?? []) {
        expect(judged?.verdicts.map(({ filter }) => filter)).toEqual(chain);
        expect(judged?.indicators.atrPct).toBeGreaterThan(0);
        for (const { kind, margin } of judged?.verdicts ?? []) {
          if (margin !== null && kind !== 'skipped') expect(margin >= 0).toBe(kind === 'pass');
        }
        const vetoes = judged?.verdicts.filter(({ kind }) => kind === 'veto').map(({ code }) => code) ?? [];
        expect(vetoes).toEqual(expect.arrayContaining(blockers.filter((code) => code.startsWith('filter.'))));
        if (signal !== 'wait' || rsi === null) continue;
        quiet += 1;
        expect(judged?.direction).toBe(rsi - rsiLongMax <= rsiShortMin - rsi ? 'long' : 'short');
      }
    }
    expect(quiet).toBeGreaterThan(INSTRUMENTS);
  });

  it('counts one look of each coin at each close, and the coins of a close add up to all', async () => {
    const all = await desk.blockers(null, 1);
    expect(all.looks).toBe(all.closes * INSTRUMENTS);
    let signals = 0;
    for (const { instrumentId } of world.trading().engine.instrumentFacts()) {
      const own = await desk.blockers(instrumentId, 1);
      expect(own.looks).toBe(all.closes);
      signals += own.signals;
    }
    expect(signals).toBe(all.signals);
    expect(all.signals).toBeGreaterThan(0);
    expect(await desk.blockers('nobody', 1)).toMatchObject({ symbol: 'NOBODY', looks: 0 });
    expect(await desk.blockers('x', 1)).toMatchObject({ symbol: 'x', looks: 0 });
  });

  it('tells the changes between the two newest closes, and a funnel that only narrows', async () => {
    const [now, before] = await world.store.closes.newest(2, null);
    const changes = await desk.changes();
    expect(changes).toMatchObject({ closeTimeMs: now?.closeTimeMs, beforeMs: before?.closeTimeMs });
    const { close } = await desk.funnel(before?.closeTimeMs ?? 0);
    expect(close?.closeTimeMs).toBe(before?.closeTimeMs);
    const counts = close?.stages.map(({ coins }) => coins) ?? [];
    expect(counts[0]).toBe(INSTRUMENTS);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(await desk.funnel(0)).toEqual({ close: null });
  });

  it('ranks candidates by distance', () => {
    const { rows } = desk.candidates(10);
    expect(rows).toHaveLength(10);
    const distances = rows.map(({ distance }) => distance);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    for (const { direction, rsi, level, distance } of rows) {
      expect(direction === 'long' ? rsi - level : level - rsi).toBe(distance);
    }
  });
});
