import { describe, expect, it } from 'vitest';
import { approvedEntry, approvedExit, sendable } from '../../test/fixture/approved-order.ts';
import { fakeExchange, instrument, tickerAt } from '../../test/fixture/fake-exchange.ts';
import { decimal, ZERO } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';
import type { ApprovedOrder } from '../core/domain/order.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { riskSettingsSchema } from '../core/risk/settings.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { EquityMarkRow } from '../store/equity-mark.ts';
import type { IntentRow } from '../store/intent-row.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { EntryReadings } from './entry-fault.ts';
import { OrderGate, type Passage } from './order-gate.ts';
import type { Unstamped } from './trading-loop.ts';

const BTC = instrument();
const NOON_MS = Date.UTC(2026, 0, 2, 12);
const HOUR_MS = 3_600_000;
const READ: EntryReadings = { held: [], leverage: 2, ticker: tickerAt(BTC.id, 100) };

interface Setting {
  readonly risk?: Record<string, number>;
  readonly store?: ReturnType<typeof openStore>;
  readonly movements?: readonly Movement[] | null;
}

async function open(setting: Setting = {}) {
  const time = new VirtualTime(NOON_MS);
  const store = setting.store ?? openStore({ file: ':memory:', time });
  const reports: string[] = [];
  let movements = setting.movements === undefined ? [] : setting.movements;
  let thrown: Error | null = null;
  const exchange = fakeExchange({
    readMovements: async () => {
      if (thrown !== null) throw thrown;
      return movements === null ? unknown('no-answer', 'timeout') : known(movements, NOON_MS, 'fake');
    },
  });
  const settings = () => riskSettingsSchema.parse(setting.risk ?? {});
  const report = (message: string): void => void reports.push(message);
  const gate = new OrderGate({ store, exchange, time, accountId: 'test', settings, report });
  await gate.recall([]);
  const tell = (event: Unstamped): void =>
    gate.onStep(1, { ...event, timeMs: time.nowMs() } as EngineEvent, []);
  const read = async (equity: number, more: object = {}): Promise<void> => {
    const balance = { equity: decimal(equity), walletBalance: decimal(equity), available: decimal(equity) };
    tell({ kind: 'account-snapshot', asOfMs: time.nowMs(), balance, positions: [], transfers: [], ...more });
    await time.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const admit = (order: ApprovedOrder, readings: EntryReadings | null = READ): Passage =>
    gate.admit(order, { instrument: BTC, readings, bar: () => null });
  const answer = (rows: readonly Movement[]): void => {
    movements = rows;
  };
  const reject = (error: Error | null): void => {
    thrown = error;
  };
  return { time, store, gate, tell, read, admit, reports, answer, reject };
}

async function ready(setting: Setting = {}) {
  const opened = await open(setting);
  await opened.read(1_000);
  return opened;
}

function codeOf(passage: Passage): string | null {
  return passage.kind === 'refused' ? passage.fault.code : null;
}

function entry(id: string, quantity = '0.1'): ApprovedOrder {
  return { ...approvedEntry(BTC, id), quantity: decimal(quantity) } as unknown as ApprovedOrder;
}

function held(quantity: string) {
  const price = decimal(100);
  const levels = { stopPrice: null, takeProfitPrice: null, liquidationPrice: null };
  const prices = { entryPrice: price, markPrice: price, unrealisedPnl: ZERO, leverage: 2 };
  return {
    instrumentId: BTC.id,
    direction: 'long',
    quantity: decimal(quantity),
    ...prices,
    ...levels,
  } as const;
}

describe('OrderGate', () => {
  it('is the only way to what an exchange places', () => {
    const exchange = fakeExchange();
    // @ts-expect-error An approved order is not enough.
    void exchange.placeOrder(approvedEntry(BTC), BTC);
    // @ts-expect-error Nor is something of the same shape.
    void exchange.placeOrder({ order: approvedEntry(BTC), mayLeave: () => true }, BTC);
    void exchange.placeOrder(sendable(approvedEntry(BTC)), BTC);
  });

  it('lets nothing in before the account and its losses are known', async () => {
    const { admit, read, gate } = await open();
    expect(codeOf(admit(entry('a')))).toBe('gate.not-ready');
    expect(gate.obstacle()).toContain('is being read');
    await read(1_000);
    expect([codeOf(admit(entry('b'))), gate.obstacle()]).toEqual([null, null]);
  });

  it('is not ready before it has read what was moved, and stays so when a later reading lacks it', async () => {
    const { admit, read, gate } = await open();
    await read(1_000, { transfers: null });
    expect(gate.obstacle()).toContain('is being read');
    await read(1_000);
    await read(1_000, { transfers: null });
    expect([codeOf(admit(entry('a'))), gate.obstacle()]).toEqual(['gate.loss.unknown', null]);
  });

  it('asks for what it could not read again, and lets nothing in meanwhile', async () => {
    const { admit, read, answer, reports } = await open({ movements: null });
    await read(1_000);
    await read(1_000);
    expect(codeOf(admit(entry('a')))).toBe('gate.not-ready');
    expect(reports).toHaveLength(1);
    answer([]);
    await read(1_000);
    expect(codeOf(admit(entry('b')))).toBeNull();
  });

  it('counts what is on its way as exposure until the exchange has it or denies it', async () => {
    const { admit, tell } = await ready({ risk: { exposurePctMax: 2 } });
    const sol = { ...entry('b', '0.12'), side: 'buy' } as ApprovedOrder;
    expect(codeOf(admit(entry('a', '0.1')))).toBeNull();
    expect(codeOf(admit(sol))).toBe('gate.account.exposure');
    tell({ kind: 'order-update', ...ids('a'), state: 'rejected', code: '1', detail: '' });
    expect(codeOf(admit(sol))).toBeNull();
  });

  it('counts an entry once that is filled and listed, and twice at no time', async () => {
    const { admit, tell, read, time, gate } = await ready();
    admit(entry('a', '0.1'));
    tell({ kind: 'fill', fill: fillOf('a', '0.1', time.nowMs()) });
    tell({ kind: 'order-update', ...ids('a'), state: 'filled', code: '', detail: '' });
    const exposure = () => gate.standing().find(({ name }) => name === 'exposurePctMax')?.value;
    expect(exposure()).toBe('1');
    await time.advance(1_001);
    await read(1_000, { positions: [held('0.1')] });
    expect(exposure()).toBe('1');
  });

  it('counts orders and positions that are not ours', async () => {
    const { admit, read } = await ready();
    const resting = { ...ids('strange'), quantity: decimal(5), filledQuantity: ZERO, price: decimal(100) };
    const rows = [{ ...resting, stopPrice: null, reduceOnly: false }];
    await read(1_000, { positions: [held('4.95')], orders: { asOfMs: NOON_MS, rows } });
    expect(codeOf(admit(entry('a', '0.05')))).toBeNull();
    expect(codeOf(admit(entry('b', '0.051')))).toBe('gate.account.exposure');
  });

  it('takes the same entry for a mistake for ten seconds, and a name for ever', async () => {
    const { admit, time, read } = await ready();
    expect(codeOf(admit(entry('a')))).toBeNull();
    await time.advance(10_000);
    expect(codeOf(admit(entry('b')))).toBe('gate.order.duplicate');
    await time.advance(1);
    expect(codeOf(admit(entry('b')))).toBeNull();
    await time.advance(20_000);
    await read(1_000);
    expect(codeOf(admit(entry('a')))).toBe('gate.order.duplicate');
  });

  it('counts orders in any second and minute, exits among them, and never refuses an exit for it', async () => {
    const { admit, time } = await ready({ risk: { ordersPerSecondMax: 3, ordersPerMinuteMax: 4 } });
    for (const id of ['x1', 'x2', 'x3']) expect(codeOf(admit(approvedExit(BTC, id), null))).toBeNull();
    expect(codeOf(admit(entry('a')))).toBe('gate.pace.second');
    expect(codeOf(admit(approvedExit(BTC, 'x4'), null))).toBeNull();
    await time.advance(1_000);
    expect(codeOf(admit(entry('b')))).toBe('gate.pace.minute');
    await time.advance(59_000);
    expect(codeOf(admit(entry('c')))).toBeNull();
  });

  it('remembers over a restart how many orders have left today', async () => {
    const { store } = await ready();
    await store.addIntent({ ...INTENT, clientOrderId: 'y', createdMs: NOON_MS - 13 * HOUR_MS }, null);
    for (const clientOrderId of ['a', 'b']) await store.addIntent({ ...INTENT, clientOrderId }, null);
    const { admit } = await ready({ store, risk: { ordersPerDayMax: 3 } });
    expect(codeOf(admit(entry('c')))).toBeNull();
    expect(codeOf(admit(entry('d', '0.2')))).toBe('gate.pace.day');
  });

  it('remembers losses over a restart', async () => {
    const { store, read, time } = await ready();
    await read(975);
    expect((await store.equityMarks.newest('test')).map(markText).at(-1)).toBe('12:00 1000');
    const again = await open({ store });
    await again.read(969);
    expect(codeOf(again.admit(entry('a')))).toBe('gate.loss.daily');
    expect(time.nowMs()).toBe(NOON_MS);
  });

  it('makes up lost marks from what the exchange says moved the wallet', async () => {
    const lost = { ...MOVEMENT, timeMs: NOON_MS - HOUR_MS, change: decimal(-40) };
    const { read, admit } = await open({ movements: [lost] });
    await read(960);
    expect(codeOf(admit(entry('a')))).toBe('gate.loss.daily');
  });

  it('begins no day because a clock was set', async () => {
    const { read, admit, tell, time } = await ready();
    await read(960);
    const jumped = { equity: decimal(960), walletBalance: decimal(960), available: decimal(960) };
    const asOfMs = time.nowMs() + 24 * HOUR_MS;
    tell({ kind: 'account-snapshot', asOfMs, balance: jumped, positions: [], transfers: [] });
    expect(codeOf(admit(entry('a')))).toBe('gate.loss.daily');
  });

  it('waits on an instrument after a loss there', async () => {
    const { gate, admit, time } = await ready({ risk: { lossWaitMinutes: 1 } });
    const closed = { instrumentId: BTC.id, tradedPnl: decimal(-1), closedMs: time.nowMs() };
    gate.onStep(1, { kind: 'timer', name: 'protect', timeMs: time.nowMs() }, [
      { kind: 'position-closed', closed } as never,
    ]);
    await time.advance(59_999);
    expect(codeOf(admit(entry('a')))).toBe('gate.loss.wait');
    await time.advance(1);
    expect(codeOf(admit(entry('b')))).toBeNull();
  });

  it('believes no price that has jumped, until the good one is ten seconds old', async () => {
    const { admit, tell, time } = await ready();
    const price = (markPrice: number): void =>
      tell({ kind: 'price', ...READ.ticker, instrumentId: BTC.id, markPrice } as unknown as Unstamped);
    price(50);
    price(100);
    expect(codeOf(admit(entry('a')))).toBe('gate.price.jump');
    await time.advance(10_001);
    price(100);
    expect(codeOf(admit(entry('b')))).toBeNull();
  });

  it('takes no price that can be none for a good one', async () => {
    const { admit, tell } = await ready();
    for (const markPrice of [Number.NaN, 0, -100, 1e13])
      tell({ kind: 'price', instrumentId: BTC.id, markPrice } as unknown as Unstamped);
    expect(codeOf(admit(entry('a')))).toBeNull();
  });

  it('asks again right before the first byte, and does not count the order itself', async () => {
    const { admit, read } = await ready({ risk: { exposurePctMax: 1, ordersPerSecondMax: 1 } });
    const passage = admit(entry('a'));
    if (passage.kind !== 'admitted') throw new Error(passage.fault.detail);
    expect(passage.sendable.mayLeave()).toBe(true);
    await read(960);
    expect(passage.sendable.mayLeave()).toBe(false);
    expect(passage.turnedBackBy()?.code).toBe('gate.account.exposure');
  });

  it('refuses an exit that is larger than what is held and ordered, and none that nothing is known of', async () => {
    const { admit, read, time } = await ready();
    expect(codeOf(admit(approvedExit(BTC, 'x1'), null))).toBeNull();
    await read(1_000, { positions: [held('0.1')] });
    expect(codeOf(admit(approvedExit(BTC, 'x2'), null))).toBeNull();
    const more = { ...approvedExit(BTC, 'x5'), quantity: decimal('0.101') } as unknown as ApprovedOrder;
    expect(codeOf(admit(more, null))).toBe('gate.exit.larger');
    await read(1_000, { positions: [held('0.09')] });
    await time.advance(60_001);
    await read(1_000, { positions: [held('0.09')] });
    expect(codeOf(admit(approvedExit(BTC, 'x3'), null)), 'a list that shrinks proves nothing').toBeNull();
    await read(1_000, { positions: [] });
    await time.advance(600_001);
    await read(1_000, { positions: [held('0.09')] });
    expect(codeOf(admit(approvedExit(BTC, 'x4'), null))).toBe('gate.exit.larger');
  });

  it('refuses no exit by a list that is old: what was filled since may be in none', async () => {
    const { admit, read, tell, time } = await ready();
    await read(1_000, { positions: [held('0.1')] });
    tell({ kind: 'fill', fill: fillOf('rung', '0.2', time.nowMs()) });
    await time.advance(60_001);
    const all = { ...approvedExit(BTC, 'x1'), quantity: decimal('0.3') } as unknown as ApprovedOrder;
    expect(codeOf(admit(all, null))).toBeNull();
  });

  it('refuses no exit by a list from before the position was turned', async () => {
    const { admit, read, tell, time } = await ready();
    await read(1_000, { positions: [{ ...held('0.1'), direction: 'short' }] });
    await time.advance(2_000);
    tell({ kind: 'fill', fill: fillOf('out', '0.1', time.nowMs()) });
    tell({ kind: 'fill', fill: fillOf('in', '0.1', time.nowMs()) });
    expect(codeOf(admit(approvedExit(BTC, 'x1'), null))).toBeNull();
  });

  it('counts an entry that was given up for ten minutes, and not for ever', async () => {
    const { admit, gate, read, time } = await ready();
    admit(entry('a', '0.1'));
    const given = { kind: 'give-up-order', ...ids('a'), code: 'engine.position.gone', detail: '' } as const;
    gate.onStep(1, { kind: 'timer', name: 'protect', timeMs: time.nowMs() }, [given as never]);
    const exposure = () => gate.standing().find(({ name }) => name === 'exposurePctMax')?.value;
    await time.advance(600_000);
    await read(1_000);
    expect(exposure()).toBe('1');
    await time.advance(1);
    await read(1_000);
    expect(exposure()).toBe('0');
  });

  it('asks for what the exchange could not be asked for again', async () => {
    const { gate, read, reject } = await open();
    reject(new Error('socket'));
    await read(1_000);
    expect(gate.obstacle()).toContain('is being read');
    reject(null);
    await read(1_000);
    expect(gate.obstacle()).toBeNull();
  });

  it('that fails lets exits through and no entry, and says so once', async () => {
    const { admit, tell, reports } = await ready();
    tell({ kind: 'account-snapshot', asOfMs: 0, positions: null } as unknown as Unstamped);
    tell({ kind: 'account-snapshot', asOfMs: 0, positions: null } as unknown as Unstamped);
    expect(codeOf(admit(entry('a')))).toBe('gate.not-ready');
    expect(codeOf(admit({ ...approvedExit(BTC), quantity: null } as never, null))).toBeNull();
    expect(reports.filter((text) => text.includes('gate has failed'))).toHaveLength(1);
  });

  it('tells every limit, what stands against it, and how often it has refused', async () => {
    const { gate, admit } = await ready({ risk: { orderNotionalUsdtMax: 9 } });
    admit(entry('a'));
    admit(approvedExit(BTC, 'x1'), null);
    const row = (wanted: string) => gate.standing().find(({ name }) => name === wanted);
    expect(row('orderNotionalUsdtMax')).toMatchObject({
      ...{ ceiling: '100000', configured: '9', value: null, refusals: 1, refusedMs: NOON_MS },
    });
    expect(row('ordersPerMinuteMax')).toMatchObject({ value: '1', headroom: '119', refusals: 0 });
    expect(gate.refusedCounts()).toEqual([{ code: 'gate.order.notional', count: 1 }]);
  });
});

function ids(clientOrderId: string) {
  return { clientOrderId, instrumentId: BTC.id } as never as { clientOrderId: never; instrumentId: never };
}

function fillOf(id: string, quantity: string, timeMs: number) {
  const amounts = { price: decimal(100), quantity: decimal(quantity), fee: ZERO };
  const origin = { exchangeOrderId: 'x', maker: false, cause: 'user', side: 'buy' } as const;
  return { fillId: `fill ${id}`, ...ids(id), ...amounts, ...origin, timeMs } as never;
}

function markText({ markMs, equity }: EquityMarkRow): string {
  return `${new Date(markMs).toISOString().slice(11, 16)} ${equity}`;
}

const MOVEMENT: Movement = {
  ...{ id: 'm1', kind: 'trade', word: 'TRADE', timeMs: 0, instrumentId: null, fillId: null, change: ZERO },
  ...{ cashFlow: null, funding: null, fee: null, heldAfter: null },
};

const INTENT: IntentRow = {
  ...{ clientOrderId: '', accountId: 'test', instrumentId: 'BTCUSDT', side: 'buy', direction: 'long' },
  ...{ purpose: 'entry', quantity: '1', reduceOnly: false, stopPrice: '1', takeProfitPrice: null },
  ...{ leverage: 1, referencePrice: '1', timeframe: '1m', entryRsi: null, entryTrend: null, ladderId: null },
  ...{
    state: 'filled',
    detail: '',
    createdMs: NOON_MS - 1,
    updatedMs: 0,
    validUntilMs: null,
    surpriseMs: null,
  },
};
