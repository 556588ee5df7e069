import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { approvedEntry, approvedExit, sendable } from '../fixture/approved-order.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;

async function tradingWorld(): Promise<World> {
  const world = await createWorld({
    seed: 13,
    // Only a person moves stops here.
    settings: { timeframe: '1m', exit: { breakEvenTriggerPct: null, trailingActivationPct: null } },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 40, startMs, candleScale: 'demo' }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(2 * MINUTE);
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'enough');
  return world;
}

/** Does something at the exchange that the service is not told of, and lets some time pass. */
async function act<T>(world: World, deed: Promise<T>, waitMs: number): Promise<T> {
  await world.time.advance(waitMs);
  return deed;
}

function firstPosition(world: World) {
  const position = world.trading().engine.positions()[0];
  if (position === undefined) throw new Error('the world opens a position within two minutes');
  const instrument = world.trading().engine.instrument(position.instrumentId);
  if (instrument === null) throw new Error('its instrument is known');
  return { position, instrument };
}

function venueStop(world: World, instrument: Instrument): unknown {
  const rows = world.venue.state().accounts[0]?.positions ?? [];
  return rows.find((row) => row['instrumentId'] === instrument.id)?.['stopPrice'];
}

describe('a person at the exchange', () => {
  it('removes a stop, and the service puts it back', async () => {
    const world = await tradingWorld();
    const { position, instrument } = firstPosition(world);
    const stopBefore = venueStop(world, instrument);
    expect(stopBefore).not.toBeNull();
    const { direction } = position;
    const removal = world.person.setStop({
      instrument,
      direction,
      stopPrice: decimal(0),
      takeProfitPrice: null,
    });
    expect(await act(world, removal, 100)).toEqual({ kind: 'done' });
    expect(venueStop(world, instrument)).toBeNull();
    await world.time.advance(15_000);
    expect(venueStop(world, instrument)).toBe(stopBefore);
  });

  it('closes a position by hand, and the service records it and does not reopen it', async () => {
    const world = await tradingWorld();
    const { position, instrument } = firstPosition(world);
    const side = position.direction === 'long' ? 'sell' : 'buy';
    const order = { ...approvedExit(instrument, 'byhand1'), side, direction: position.direction };
    const quantity = decimal(position.quantity);
    const closing = world.person.placeOrder(sendable({ ...order, quantity }), instrument);
    expect((await act(world, closing, 100)).kind).toBe('accepted');
    await world.time.advance(30_000);
    expect(
      world
        .trading()
        .engine.positions()
        .map((other) => other.instrumentId),
    ).not.toContain(instrument.id);
    const { rows } = await world.store.listTrades({ limit: 10, cursor: null });
    const trade = rows.find((row) => row.instrumentId === instrument.id);
    expect(trade?.exitReason).toBe('external');
    expect(trade?.quantity).toBe(position.quantity);
  });

  it('opens a position, and the service reports it and never touches it', async () => {
    const world = await tradingWorld();
    const held = new Set(
      world
        .trading()
        .engine.positions()
        .map((position) => position.instrumentId),
    );
    const row = world
      .trading()
      .engine.scanRows()
      .find((other) => !held.has(other.instrumentId));
    const instrument = row === undefined ? null : world.trading().engine.instrument(row.instrumentId);
    if (row === undefined || instrument === null) throw new Error('an instrument is free');
    const price = decimal(row.lastPrice ?? 0);
    const quantity = decimal(20)
      .dividedBy(price)
      .dividedBy(instrument.quantityStep)
      .ceil()
      .times(instrument.quantityStep);
    const order = {
      ...approvedEntry(instrument, 'byhand2'),
      quantity,
      stopPrice: price.times('0.5').dividedBy(instrument.tickSize).floor().times(instrument.tickSize),
      takeProfitPrice: null,
    };
    const opening = world.person.placeOrder(sendable(order), instrument);
    expect((await act(world, opening, 100)).kind).toBe('accepted');
    await world.time.advance(MINUTE);
    expect(
      world
        .trading()
        .engine.foreignPositions()
        .map((foreign) => foreign.instrumentId),
    ).toEqual([instrument.id]);
    expect(
      world
        .trading()
        .engine.positions()
        .map((other) => other.instrumentId),
    ).not.toContain(instrument.id);
    const orders = world.venue.state().accounts[0]?.closedOrders ?? [];
    const touched = orders.filter((other) => other['instrumentId'] === instrument.id);
    expect(touched.map((other) => other['clientOrderId'])).toEqual(['byhand2']);
  });
});
