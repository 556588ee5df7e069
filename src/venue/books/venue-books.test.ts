import { describe, expect, it } from 'vitest';
import { MemoryBooks } from '../../../test/fixture/memory-books.ts';
import { instrument, ScriptedMarket } from '../../../test/fixture/scripted-market.ts';
import { type Decimal, decimal } from '../../core/base/decimal.ts';
import type { OrderPlacement } from '../../core/matching/matching-order.ts';
import type { TradingAccount } from '../../core/matching/trading-account.ts';
import { VirtualTime } from '../../platform/virtual-time.ts';
import { TradingFloor } from '../trading-floor.ts';
import { ledgerReport, stateReport } from '../venue-report.ts';
import type { BookStore } from './book-store.ts';

const START_MS = Date.UTC(2026, 0, 5, 11, 59);
const HOUR_MS = 3_600_000;
const BTC = instrument('BTCUSDT');
const ETH = instrument('ETHUSDT');

/** A venue that can be killed: what is left of it then is its books, its market and the time. */
function exchange(store: BookStore = new MemoryBooks()) {
  const time = new VirtualTime(START_MS);
  const market = new ScriptedMarket(START_MS, [BTC, ETH], 100);
  const accounts = ['1001', '1002'].map((uid) => ({ apiKey: uid, apiSecret: uid, uid, walletUsdt: 10_000 }));
  const open = (): TradingFloor => new TradingFloor({ market, time, accounts, seed: 7, books: store });
  let floor = open();
  return {
    market,
    store,
    floor: () => floor,
    account: (uid = '1001'): TradingAccount => floor.account(uid),
    place: (wanted: Partial<OrderPlacement>, uid = '1001') =>
      floor.act(floor.account(uid), (account) => account.place({ ...MARKET_BUY, ...wanted })),
    act: (action: (account: TradingAccount) => unknown) => floor.act(floor.account('1001'), action),
    pass: async (ms: number) => {
      await time.advance(ms);
      floor.advance();
    },
    /** Nothing is told to it before: a killed process says no goodbye. */
    restart: async (downMs = 0) => {
      await time.advance(downMs);
      floor = open();
    },
  };
}

const MARKET_BUY: OrderPlacement = {
  clientOrderId: '',
  instrumentId: BTC.id,
  side: 'buy',
  kind: 'market',
  quantity: decimal(2),
  price: null,
  timeInForce: 'immediate-or-cancel',
  positionIndex: 0,
  reduceOnly: false,
  closeOnTrigger: false,
  trigger: null,
  takeProfit: null,
  stopLoss: null,
};

function limit(price: number, wanted: Partial<OrderPlacement> = {}): Partial<OrderPlacement> {
  return { kind: 'limit', price: decimal(price), timeInForce: 'good-till-cancel', ...wanted };
}

function stopAt(account: TradingAccount): string | null {
  const position = account.position({ instrumentId: BTC.id, positionIndex: 0 });
  return account.protection(position, 'stop-loss')?.trigger?.price.toFixed() ?? null;
}

describe('books of a venue', () => {
  it('bring back money, positions, orders, stops and fills exactly', async () => {
    const venue = exchange();
    venue.act((account) => account.setLeverage(ETH.id, decimal(5)));
    venue.place({ stopLoss: { price: decimal(90), by: 'mark' } });
    venue.place(limit(95, { clientOrderId: 'rests' }));
    venue.place(limit(97, { instrumentId: ETH.id, clientOrderId: 'goes' }));
    venue.act((account) => account.cancel(account.openOrders().at(-1)?.orderId ?? ''));
    venue.place({ side: 'sell', quantity: decimal(1), reduceOnly: true });
    venue.place({ side: 'sell', instrumentId: ETH.id }, '1002');
    const before = { ledger: ledgerReport(venue.floor()), state: stateReport(venue.floor()) };
    await venue.restart();
    expect({ ledger: ledgerReport(venue.floor()), state: stateReport(venue.floor()) }).toEqual(before);
    expect(stopAt(venue.account())).toBe('90');
    expect(venue.account().closedPnl()).toHaveLength(1);
    venue.place({ instrumentId: ETH.id });
    const eth = venue.account().position({ instrumentId: ETH.id, positionIndex: 0 });
    expect(venue.account().positionMargin(eth).leverage.toFixed()).toBe('5');
  });

  it('go on with the names and numbers where they stopped', async () => {
    const [killed, whole] = [exchange(), exchange()];
    for (const venue of [killed, whole]) venue.place({ clientOrderId: 'first' });
    await killed.restart();
    for (const venue of [killed, whole]) venue.place({ clientOrderId: 'second' });
    expect(stateReport(killed.floor())).toEqual(stateReport(whole.floor()));
    expect(ledgerReport(killed.floor())).toEqual(ledgerReport(whole.floor()));
    const again = killed.place({ clientOrderId: 'first' });
    expect(again.ok ? '' : again.error.kind).toBe('duplicate-client-id');
  });

  it('lose the recent list of closed orders and keep the history', async () => {
    const venue = exchange();
    venue.place({});
    await venue.restart(1000);
    const [order] = venue.account().closedOrders();
    const records = venue.floor().orderRecords;
    expect(order !== undefined && records.isRecent(order)).toBe(false);
    expect(order !== undefined && records.isInHistory(order, venue.floor().nowMs())).toBe(true);
  });

  it('have a stop fire that the price has passed while the venue was down', async () => {
    const venue = exchange();
    venue.place({ stopLoss: { price: decimal(90), by: 'mark' } });
    venue.market.setPrice(BTC.id, 85);
    venue.floor().market.advance(START_MS);
    await venue.restart(60_000);
    expect(venue.account().openPositions()).toHaveLength(1);
    await venue.pass(0);
    expect(venue.account().openPositions()).toHaveLength(0);
  });

  it('pay the funding that fell due while the venue was down, once and as it was shown', async () => {
    const venue = exchange();
    venue.place({});
    await venue.pass(1000);
    await venue.restart(9 * HOUR_MS);
    await venue.pass(1000);
    expect(fundings(venue.account())).toEqual(['0.02']);
    await venue.restart();
    await venue.pass(1000);
    expect(fundings(venue.account())).toHaveLength(1);
    expect(venue.floor().pastFundings(BTC.id)).toHaveLength(1);
  });

  it('hold what two orders of different accounts did to each other', async () => {
    const venue = exchange();
    venue.place(limit(99.5, { quantity: decimal(30) }), '1002');
    venue.place({ side: 'sell', quantity: decimal(40) });
    const before = stateReport(venue.floor());
    await venue.restart();
    expect(stateReport(venue.floor())).toEqual(before);
  });

  it('are written before anybody is told, and only when something has changed', async () => {
    const store = new MemoryBooks();
    const venue = exchange(store);
    const toldWithSaves: number[] = [];
    venue.floor().listen({ onMarket: () => undefined, onAccount: () => toldWithSaves.push(store.saves) });
    await venue.pass(100);
    const saves = store.saves;
    await venue.pass(100);
    expect(store.saves).toBe(saves);
    venue.place({});
    expect(toldWithSaves).toEqual([saves + 1]);
  });

  it('take what the store refused with the next step', async () => {
    const store = new MemoryBooks();
    const venue = exchange(store);
    const save = store.save.bind(store);
    store.save = () => {
      throw new Error('The disk is full.');
    };
    expect(() => venue.place({})).toThrow('The disk is full.');
    store.save = save;
    await venue.pass(100);
    const before = stateReport(venue.floor());
    await venue.restart();
    expect(stateReport(venue.floor())).toEqual(before);
    expect(venue.account().openPositions()).toHaveLength(1);
  });

  it('that make no sense are refused', async () => {
    const store = new MemoryBooks();
    exchange(store).place({});
    const [row] = store.load().filter(({ shelf }) => shelf === '1001/position');
    store.save([{ shelf: '1001/position', key: row?.key ?? '', text: '{"quantity":"many"}' }]);
    expect(() => exchange(store)).toThrow();
  });
});

function fundings(account: TradingAccount): readonly string[] {
  const paid = account.fills().filter(({ execution }) => execution === 'funding');
  return paid.map(({ fee }: { readonly fee: Decimal }) => fee.toFixed());
}
