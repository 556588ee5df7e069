import { describe, expect, it } from 'vitest';
import { blockersOf, type CloseRecord } from '../../src/core/engine/close-record.ts';
import type { DecisionRecord } from '../../src/core/engine/decision.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { createWorld, type World } from './world.ts';

const INSTRUMENTS = 40;
const MINUTE_MS = 60_000;

async function recordedWorld(seed: number): Promise<World> {
  const world = await createWorld({
    seed,
    settings: { timeframe: '1m', exit: { stopLossPct: 3 } },
    market: (startMs) =>
      syntheticMarket({ seed, instrumentCount: INSTRUMENTS, startMs, candleScale: 'demo' }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(12 * MINUTE_MS);
  await world.stop();
  return world;
}

/** The newest full record of each instrument and candle. */
async function fullRecords(world: World): Promise<ReadonlyMap<string, DecisionRecord>> {
  const { rows } = await world.store.listDecisions({ limit: 500, cursor: null });
  const records = rows.map(({ recordJson }) => JSON.parse(recordJson) as DecisionRecord);
  return new Map(
    records
      .toReversed()
      .map((record) => [`${record.instrumentId} ${record.signal.candleOpenTimeMs}`, record]),
  );
}

describe('the closes of a trading day', () => {
  it('hold every instrument at every candle close, and say what the full records say', async () => {
    const world = await recordedWorld(11);
    const closes = await world.store.closes.newest(500, null);
    expect(closes.length).toBeGreaterThanOrEqual(11);
    const times = closes.map(({ closeTimeMs }) => closeTimeMs);
    expect(times).toEqual(times.map((_, index) => (times[0] ?? 0) - index * MINUTE_MS));
    for (const { instruments } of closes) expect(instruments).toHaveLength(INSTRUMENTS);

    const records = await fullRecords(world);
    let compared = 0;
    for (const { closeTimeMs, instruments } of closes) {
      for (const row of instruments) {
        const record = records.get(`${row.instrumentId} ${closeTimeMs - MINUTE_MS}`);
        if (row.signal === 'wait' || record === undefined) continue;
        const { outcome, rank, signal } = record;
        expect(row).toMatchObject({
          outcome,
          rank,
          rsi: signal.rsi,
          close: signal.close,
          trend: signal.trend,
        });
        expect(row.blockers).toEqual(blockersOf(record));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
    expect(world.reports.filter((line) => line.includes('record of a close'))).toEqual([]);
  });

  it('recompute every signal from the numbers they hold', async () => {
    const world = await recordedWorld(12);
    const rows = (await world.store.closes.newest(500, null)).flatMap(({ instruments }) => instruments);
    const signals = rows.map(({ rsi, rsiLongMax, rsiShortMin }) => {
      if (rsi === null) return 'wait';
      if (rsi <= rsiLongMax) return 'enter-long';
      return rsi >= rsiShortMin ? 'enter-short' : 'wait';
    });
    expect(rows.map(({ signal }) => signal)).toEqual(signals);
    expect(new Set(signals).size).toBeGreaterThan(1);
  });

  it('are the same for the same seed', async () => {
    const runs: (readonly CloseRecord[])[] = [];
    for (let run = 0; run < 2; run += 1) {
      const world = await recordedWorld(13);
      runs.push(await world.store.closes.newest(500, null));
    }
    expect(runs[0]).toEqual(runs[1]);
  });
});
