import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import type { ApprovedOrder } from '../../src/core/domain/order.ts';
import type { DifferenceRow } from '../../src/store/difference-row.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { approvedEntry, sendable } from '../fixture/approved-order.ts';
import { createWorld, type World } from './world.ts';

const SECOND = 1_000;
const ACCOUNT = 'simulation';
/** A stop far away and no other way out: nothing but the person moves anything. */
const SETTINGS = {
  timeframe: '1m',
  exit: {
    stopLossPct: 20,
    takeProfitPct: null,
    breakEvenTriggerPct: null,
    trailingActivationPct: null,
    partialTakeProfits: [],
  },
  risk: { positionsMax: 2 },
} as const;

async function tradingWorld(seed = 13): Promise<World> {
  const world = await createWorld({
    seed,
    settings: SETTINGS,
    market: (startMs) => syntheticMarket({ seed, instrumentCount: 40, startMs, candleScale: 'demo' }),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  for (let waited = 0; waited < 240 && world.trading().engine.positions().length === 0; waited += 1)
    await world.time.advance(SECOND);
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'enough');
  await world.time.advance(10 * SECOND);
  return world;
}

async function recordsOf(world: World): Promise<readonly DifferenceRow[]> {
  const { rows } = await world.store.differences.list({ accountId: ACCOUNT, limit: 100, cursor: null });
  return [...rows].reverse();
}

function heldSymbol(world: World): string {
  const position = world.trading().engine.positions()[0];
  if (position === undefined) throw new Error('the world opens a position');
  return position.instrumentId;
}

function freeInstrument(world: World): { readonly instrument: Instrument; readonly price: number } {
  const { engine } = world.trading();
  const held = new Set(engine.positions().map(({ instrumentId }) => instrumentId));
  const row = engine.scanRows().find(({ instrumentId, lastPrice }) => !held.has(instrumentId) && lastPrice);
  const instrument = row === undefined ? null : engine.instrument(row.instrumentId);
  if (instrument === null || typeof row?.lastPrice !== 'number') throw new Error('an instrument is free');
  return { instrument, price: row.lastPrice };
}

/** An order a person places far below the price, so that it rests. */
function restingOrder(instrument: Instrument, price: number): ApprovedOrder {
  const limit = decimal(price).times('0.7').dividedBy(instrument.tickSize).floor().times(instrument.tickSize);
  const quantity = decimal(20).dividedBy(limit).dividedBy(instrument.quantityStep).ceil();
  return {
    ...approvedEntry(instrument, 'byhand1'),
    quantity: quantity.times(instrument.quantityStep),
    limit: { price: limit, postOnly: true },
    stopPrice: limit.times('0.5').dividedBy(instrument.tickSize).ceil().times(instrument.tickSize),
    takeProfitPrice: null,
  } as ApprovedOrder;
}

describe('the record of what a person does at the exchange', { timeout: 60_000 }, () => {
  it.each([
    ['closes', { name: 'person-closes' }, 'position-missing', 'fills'],
    ['halves', { name: 'person-reduces', share: 0.5 }, 'quantity-differs', 'fills'],
    ['adds to', { name: 'person-adds', share: 2 }, 'quantity-differs', null],
    ['turns round', { name: 'person-flips' }, 'side-flipped', null],
    ['changes the leverage of', { name: 'person-sets-leverage', leverage: 7 }, 'leverage-differs', null],
    ['takes the stop off', { name: 'person-removes-stop' }, 'stop-missing', 'readings'],
  ] as const)('is one when somebody %s a position', async (_deed, fault, kind, resolution) => {
    const world = await tradingWorld();
    const symbol = heldSymbol(world);
    expect(await recordsOf(world)).toEqual([]);
    world.venue.faults.add({ ...fault, symbol });
    await world.time.advance(30 * SECOND);
    const records = await recordsOf(world);
    expect(records.map((row) => [row.kind, row.instrumentId, row.resolution])).toEqual([
      [kind, symbol, resolution],
    ]);
    const [record] = records;
    expect(record?.explanation).toContain(symbol);
    if (resolution === 'fills') expect(JSON.parse(record?.fillIdsJson ?? '[]').length).toBeGreaterThan(0);
    await world.stop();
  });

  it('is one when somebody opens a position, ends with their fills, and survives a restart', async () => {
    const world = await tradingWorld();
    const { instrument } = freeInstrument(world);
    world.venue.faults.add({ name: 'thief-orders', symbol: instrument.exchangeSymbol });
    await world.time.advance(30 * SECOND);
    expect((await recordsOf(world)).map(({ kind, endedMs }) => [kind, endedMs])).toEqual([
      ['position-foreign', null],
    ]);
    await world.restart();
    await world.time.advance(20 * SECOND);
    const [open, ...more] = await recordsOf(world);
    expect([open?.endedMs, more]).toEqual([null, []]);
    world.venue.faults.add({ name: 'person-closes', symbol: instrument.exchangeSymbol });
    await world.time.advance(30 * SECOND);
    expect((await recordsOf(world)).map((row) => [row.kind, row.resolution])).toEqual([
      ['position-foreign', 'fills'],
    ]);
    await world.stop();
  });

  it('is one, which a command ends, when a person adopts what they opened', async () => {
    const world = await tradingWorld();
    const { instrument } = freeInstrument(world);
    world.venue.faults.add({ name: 'thief-orders', symbol: instrument.exchangeSymbol });
    await world.time.advance(20 * SECOND);
    const reading = world.trading().sync.readForAdoption(instrument);
    await world.time.advance(3 * SECOND);
    const ground = await reading;
    if (!ground.ok) throw new Error(ground.error);
    const adopt = { kind: 'adopt-position', instrumentId: instrument.id, ...ground.value } as const;
    expect(world.trading().command(adopt, 'ann', 'mine')).toMatchObject({ accepted: true });
    await world.time.advance(30 * SECOND);
    const [record, ...more] = await recordsOf(world);
    expect(more).toEqual([]);
    expect([record?.kind, record?.resolution]).toEqual(['position-foreign', 'command']);
    expect(record?.evidence).toBe('Adopted by ann: mine.');
    await world.stop();
  });

  it('is one of an order that somebody lets rest: told, counted as exposure, never touched', async () => {
    const world = await tradingWorld();
    const { instrument, price } = freeInstrument(world);
    const before = Number(limitValue(world));
    const placing = world.person.placeOrder(sendable(restingOrder(instrument, price)), instrument);
    await world.time.advance(30 * SECOND);
    expect((await placing).kind).toBe('accepted');
    expect((await recordsOf(world)).map(({ kind, endedMs }) => [kind, endedMs])).toEqual([
      ['order-foreign', null],
    ]);
    expect(Number(limitValue(world)) - before).toBeGreaterThan(19);
    const resting = world.venue.state().accounts[0]?.openOrders ?? [];
    expect(resting.map((order) => order['clientOrderId'])).toContain('byhand1');
    world.venue.faults.add({ name: 'person-cancels-orders' });
    await world.time.advance(40 * SECOND);
    const order = (await recordsOf(world)).find(({ kind }) => kind === 'order-foreign');
    expect(order?.resolution).toBe('readings');
    await world.stop();
  });
});

/** What counts as exposure, USDT. */
function limitValue(world: World): string {
  const limit = world
    .trading()
    .engine.risk()
    .limits.find(({ name }) => name === 'exposure');
  return limit?.value ?? 'there is no such limit';
}
