import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { createWorld, type World } from './world.ts';

const SECOND_MS = 1_000;
const MINUTES = 12;
/** Far above the noise of exact decimals, far below the smallest amount of a fill. */
const AGREEMENT = 1e-8;

/** Every rule that follows a profit, near enough to speak within minutes; filters that leave enough to follow. */
const NEAR = {
  timeframe: '1m',
  signal: { adaptiveEnabled: false, confirmEnabled: false },
  filter: OPEN_FILTERS,
  risk: { positionNotionalUsdt: 100, positionsMax: 20 },
  exit: {
    stopLossPct: 4,
    takeProfitPct: null,
    partialTakeProfits: [{ profitPct: 0.8, sharePct: 40 }],
    breakEvenTriggerPct: 1,
    trailingActivationPct: 2,
    trailingDistancePct: 0.7,
    trailingTakePct: 0.2,
  },
} as const;

/** Every stop the venue has held for each position, sampled each second: how often it moved, and which way. */
class StopAudit {
  private readonly stops = new Map<string, number>();
  moves = 0;
  loosened: readonly string[] = [];

  look(world: World): void {
    for (const row of world.venue.state().accounts[0]?.positions ?? []) {
      const name = `${row['instrumentId']} ${row['openedMs']}`;
      const [stop, before] = [Number(row['stopPrice']), this.stops.get(name)];
      this.stops.set(name, stop);
      if (before === undefined || before === stop) continue;
      this.moves += 1;
      const tightens = row['direction'] === 'long' ? stop > before : stop < before;
      if (!tightens) this.loosened = [...this.loosened, `${name}: ${before} to ${stop}`];
    }
  }
}

/** What trades earned and what the venue booked, of everything that is closed. */
function disagreement(world: World, trades: readonly { instrumentId: string; tradedPnl: string }[]): number {
  const open = new Set<string>(
    world
      .trading()
      .engine.positions()
      .map((held) => held.instrumentId),
  );
  let difference = decimal(0);
  for (const { instrumentId, tradedPnl } of trades)
    if (!open.has(instrumentId)) difference = difference.plus(tradedPnl);
  for (const posting of world.venue.ledger().accounts[0]?.postings ?? []) {
    const closed = posting.instrumentId !== null && !open.has(posting.instrumentId);
    if (closed && posting.kind !== 'deposit') difference = difference.minus(posting.amount);
  }
  return difference.abs().toNumber();
}

describe('positions guarded through the adapter on the venue', () => {
  it('are sold in parts, followed and closed; stops only tighten, and every number agrees', async () => {
    const world = await createWorld({
      seed: 21,
      settings: NEAR,
      market: (startMs) => syntheticMarket({ seed: 21, instrumentCount: 60, startMs, candleScale: 'demo' }),
    });
    world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
    const audit = new StopAudit();
    for (let second = 0; second < MINUTES * 60; second += 1) {
      await world.time.advance(SECOND_MS);
      audit.look(world);
    }
    const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
    const reasons = rows.map((trade) => trade.exitReason);
    expect(reasons).toEqual(expect.arrayContaining(['trailing-stop', 'break-even']));
    expect(world.journal.some((line) => line.includes('engine.position.reduced'))).toBe(true);
    expect(audit.moves).toBeGreaterThan(5);
    expect(audit.loosened).toEqual([]);
    expect(disagreement(world, rows)).toBeLessThanOrEqual(AGREEMENT);
    expect(world.trading().mode().mode).toBe('ready');
    await world.stop();
  });
});
