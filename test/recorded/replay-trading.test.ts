import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { replayMarket } from '../../src/venue/market/replay.ts';
import { createWorld } from '../simulation/world.ts';

const FOLDER = join(process.env['INFOBOT_TEST_DATA'] ?? '../shared', 'market-data/binance-usdm/1h');
const MINUTE = 60_000;
const MINUTES = 150;
const AGREEMENT = 1e-8;

describe('recorded candles of 53 coins, played as minutes', () => {
  it('are traded with stops at the venue, and trades and ledger agree', async () => {
    const world = await createWorld({
      seed: 5,
      settings: {
        timeframe: '1m',
        signal: { rsiLongMax: 33, rsiShortMin: 67 },
        exit: { stopLossPct: 1.5 },
      },
      market: (startMs) => replayMarket({ folder: FOLDER, timeframe: '1m', startMs, seed: 5 }),
    });
    expect(world.trading().engine.scanRows().length).toBeGreaterThan(40);
    world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'recorded data');
    await world.time.advance(MINUTES * MINUTE);

    const { rows: trades } = await world.store.listTrades({ limit: 500, cursor: null });
    const reasons = new Set(trades.map((trade) => trade.exitReason));
    expect(trades.length).toBeGreaterThan(10);
    expect(reasons).toContain('exchange-stop');
    expect(reasons).toContain('rsi-exit');
    for (const position of world.trading().engine.positions())
      expect(position.exchangeStopPrice).not.toBeNull();

    const open = new Set<string>(
      world
        .trading()
        .engine.positions()
        .map((position) => position.instrumentId),
    );
    const ours = new Map<string, ReturnType<typeof decimal>>();
    for (const trade of trades) {
      ours.set(trade.instrumentId, (ours.get(trade.instrumentId) ?? decimal(0)).plus(trade.tradedPnl));
    }
    const booked = new Map<string, ReturnType<typeof decimal>>();
    for (const posting of world.venue.ledger().accounts[0]?.postings ?? []) {
      if (posting.instrumentId === null || posting.kind === 'deposit') continue;
      booked.set(posting.instrumentId, (booked.get(posting.instrumentId) ?? decimal(0)).plus(posting.amount));
    }
    let compared = 0;
    for (const [instrumentId, amount] of booked) {
      if (open.has(instrumentId)) continue;
      const difference = amount
        .minus(ours.get(instrumentId) ?? 0)
        .abs()
        .toNumber();
      expect(difference, `${instrumentId}: trades and ledger agree`).toBeLessThanOrEqual(AGREEMENT);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(5);
    const entries = (world.venue.state().accounts[0]?.closedOrders ?? []).filter(
      (order) => order['reduceOnly'] === false,
    );
    expect(new Set(entries.map((order) => order['clientOrderId'])).size).toBe(entries.length);
  });
});
