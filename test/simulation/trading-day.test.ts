import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { TradeRow } from '../../src/store/trade-row.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { approvedExit, sendable } from '../fixture/approved-order.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const MINUTE = 60_000;
/** Wide enough apart that a lost digit shows, far above the noise of exact decimals. */
const AGREEMENT = 1e-8;

function demoWorld(seed: number, more: Partial<WorldOptions> = {}): Promise<World> {
  return createWorld({
    seed,
    settings: { timeframe: '1m', exit: { stopLossPct: 3 } },
    market: (startMs) => syntheticMarket({ seed, instrumentCount: 40, startMs, candleScale: 'demo' }),
    ...more,
  });
}

/** Exits so far away that nothing ends by itself: for tests of what must stay. */
const PATIENT = {
  timeframe: '1m',
  exit: {
    stopLossPct: 50,
    takeProfitPct: null,
    rsiExitLongWithTrend: 99,
    rsiExitLongAgainstTrend: 99,
    rsiExitShortWithTrend: 1,
    rsiExitShortAgainstTrend: 1,
  },
} as const;

async function tradeFor(world: World, minutes: number): Promise<void> {
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(minutes * MINUTE);
}

async function allTrades(world: World): Promise<readonly TradeRow[]> {
  const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
  return rows;
}

function onlyAccount(world: World) {
  const account = world.venue.ledger().accounts[0];
  if (account === undefined) throw new Error('the venue has one account');
  return account;
}

describe('a trading day in one process', () => {
  it('gives the same decision journal, byte for byte, for the same seed', async () => {
    const journals: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const world = await demoWorld(11);
      await tradeFor(world, 12);
      await world.stop();
      journals.push(world.journal.join('\n'));
    }
    expect(journals[0]?.length).toBeGreaterThan(100_000);
    expect(journals[0]?.includes('"kind":"place-order"')).toBe(true);
    expect(journals[0] === journals[1]).toBe(true);
  });

  it('gives another journal for another seed', async () => {
    const [first, second] = [await demoWorld(11), await demoWorld(12)];
    expect(first.journal.join('\n') === second.journal.join('\n')).toBe(false);
  });

  it('opens nothing while Auto Bot is off', async () => {
    const world = await demoWorld(11);
    await world.time.advance(5 * MINUTE);
    expect(world.venue.state().accounts[0]?.fills).toEqual([]);
  });

  it('rests a stop at the venue for every open position', async () => {
    const world = await demoWorld(13);
    await tradeFor(world, 3);
    const open = world.trading().engine.positions();
    expect(open.length).toBeGreaterThan(0);
    for (const position of open) {
      expect(position.exchangeStopPrice, `${position.instrumentId} has its stop at the venue`).not.toBeNull();
    }
  });

  it("agrees with the venue's own ledger on every closed position", { timeout: 120_000 }, async () => {
    const world = await demoWorld(14);
    await tradeFor(world, 30);
    const trades = await allTrades(world);
    expect(trades.length).toBeGreaterThan(3);
    let profit = decimal(0);
    for (const trade of trades) profit = profit.plus(trade.tradedPnl);
    const openIds = new Set<string>(
      world
        .trading()
        .engine.positions()
        .map((position) => position.instrumentId),
    );
    let booked = decimal(0);
    for (const posting of onlyAccount(world).postings) {
      const closed = posting.instrumentId !== null && !openIds.has(posting.instrumentId);
      if (closed && posting.kind !== 'deposit') booked = booked.plus(posting.amount);
    }
    const reopened = trades.filter((trade) => openIds.has(trade.instrumentId));
    for (const trade of reopened) profit = profit.minus(trade.tradedPnl);
    expect(profit.minus(booked).abs().toNumber()).toBeLessThanOrEqual(AGREEMENT);
  });

  it('keeps its positions over a death without a word, and doubles nothing', async () => {
    const world = await demoWorld(13, { settings: PATIENT });
    await tradeFor(world, 3);
    const before = world.trading().engine.positions().map(facts);
    const ordersBefore = orderIds(world).length;
    expect(before.length).toBeGreaterThan(0);
    await world.restart();
    expect(world.trading().mode().mode).toBe('ready');
    const after = world.trading().engine.positions().map(facts);
    expect(after).toEqual(before);
    expect(world.trading().engine.autoBot().enabled).toBe(false);
    expect(orderIds(world).length).toBe(ordersBefore);
    for (const position of world.trading().engine.positions())
      expect(position.exchangeStopPrice).not.toBeNull();
  });

  it('learns by its fills what was closed while it was dead', async () => {
    const world = await demoWorld(13, { settings: PATIENT });
    await tradeFor(world, 3);
    world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only the open ones matter');
    const position = world.trading().engine.positions()[0];
    if (position === undefined) throw new Error('a position is open');
    const instrument = world.trading().engine.instrument(position.instrumentId);
    if (instrument === null) throw new Error('its instrument is known');
    world.die();
    const side = position.direction === 'long' ? 'sell' : 'buy';
    const exit = { ...approvedExit(instrument, 'byhand9'), side, direction: position.direction };
    const order = { ...exit, quantity: decimal(position.quantity) };
    const closing = world.person.placeOrder(sendable(order), instrument);
    await world.time.advance(10 * MINUTE);
    expect((await closing).kind).toBe('accepted');
    await world.restart();
    const trade = (await allTrades(world)).find((row) => row.instrumentId === instrument.id);
    const fill = world.venue.state().accounts[0]?.fills.find((row) => row['clientOrderId'] === 'byhand9');
    expect(trade?.exitReason).toBe('external');
    expect(trade?.exitPrice).toBe(fill?.['price']);
  });
});

function facts(position: {
  instrumentId: string;
  direction: string;
  quantity: string;
  entryPrice: string | null;
}) {
  const { instrumentId, direction, quantity, entryPrice } = position;
  return { instrumentId, direction, quantity, entryPrice };
}

/** Every order the venue ever took from us or made for us. */
function orderIds(world: World): readonly unknown[] {
  const account = world.venue.state().accounts[0];
  return [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])].map((order) => order['orderId']);
}
