import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Decimal, decimal, ZERO } from '../../src/core/base/decimal.ts';
import type { ApprovedOrder, Fill } from '../../src/core/domain/order.ts';
import type { ExchangePosition } from '../../src/core/domain/position.ts';
import { known } from '../../src/core/domain/reading.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { riskSettingsSchema } from '../../src/core/risk/settings.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { OrderGate } from '../../src/trading/order-gate.ts';
import type { Unstamped } from '../../src/trading/trading-loop.ts';
import { approvedEntry, approvedExit } from '../fixture/approved-order.ts';
import { fakeExchange, instrument, tickerAt } from '../fixture/fake-exchange.ts';

const EQUITY = 1_000;
const RISK = riskSettingsSchema.parse({
  orderNotionalUsdtMax: 300,
  instrumentNotionalUsdtMax: 500,
  exposurePctMax: 80,
  ordersPerSecondMax: 3,
  ordersPerMinuteMax: 8,
  dailyLossPctMax: 3,
});
const COINS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((name) => instrument({ name }));
const START_MS = Date.UTC(2026, 0, 2, 23, 59);

type Deed =
  | { readonly kind: 'enter'; readonly coin: number; readonly quantity: number; readonly wrong: string }
  | { readonly kind: 'exit'; readonly coin: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'read' | 'repeat' | 'jump' }
  | { readonly kind: 'lose'; readonly amount: number };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('enter' as const),
      coin: fc.nat(2),
      quantity: fc.constantFrom(0.5, 1, 2, 2.9, 3, 3.001, 50, 1e6, Number.NaN, -1, 0),
      wrong: fc.constantFrom('', '', '', 'price', 'mark', 'side', 'stop', 'leverage'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exit' as const), coin: fc.nat(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 300, 1_100, 11_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('read' as const, 'repeat' as const, 'jump' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lose' as const), amount: fc.constantFrom(1, 15, 31) }),
  },
);

/** An exchange that fills whatever reaches it, with books of its own; lists show what was filled a second ago. */
class Storm {
  private readonly time = new VirtualTime(START_MS);
  private readonly gate: OrderGate;
  private readonly held = new Map<string, Decimal>();
  private readonly sentMs: number[] = [];
  private equity = EQUITY;
  private clockOffMs = 0;
  private last: ApprovedOrder | null = null;
  private count = 0;
  private readMs = Number.NEGATIVE_INFINITY;
  entered = 0;

  constructor() {
    this.gate = new OrderGate({
      store: {
        equityMarks: { add: async () => undefined, newest: async () => [] },
        intents: { countSince: async () => 0 },
        listTrades: async () => ({ rows: [], nextCursor: null }),
      } as never,
      exchange: fakeExchange({ readMovements: async () => known([], 0, 'storm') }),
      time: this.time,
      accountId: 'storm',
      settings: () => RISK,
      report: (message) => expect.fail(message),
    });
  }

  async begin(): Promise<void> {
    await this.gate.recall([]);
    await this.read();
  }

  async do(deed: Deed): Promise<void> {
    if (deed.kind === 'enter') this.enter(deed);
    else if (deed.kind === 'exit') this.exit(deed.coin);
    else if (deed.kind === 'wait') await this.time.advance(deed.ms);
    else if (deed.kind === 'read') await this.read();
    else if (deed.kind === 'repeat' && this.last !== null) this.send(this.last, 100);
    else if (deed.kind === 'jump') this.clockOffMs += 86_400_000;
    else if (deed.kind === 'lose') this.lose(deed.amount);
  }

  /** What is lost after a reading the gate cannot know. */
  private lose(amount: number): void {
    this.equity -= amount;
    this.readMs = Number.NEGATIVE_INFINITY;
  }

  private enter({ coin, quantity, wrong }: Extract<Deed, { kind: 'enter' }>): void {
    const of = COINS[coin] ?? instrument();
    this.count += 1;
    const order = {
      ...approvedEntry(of, `e${this.count}`),
      quantity: decimal(quantity),
      ...(wrong === 'price' ? { referencePrice: decimal(150) } : {}),
      ...(wrong === 'side' ? { side: 'sell' } : {}),
      ...(wrong === 'stop' ? { stopPrice: decimal(101) } : {}),
      ...(wrong === 'leverage' ? { leverage: 40 } : {}),
    } as unknown as ApprovedOrder;
    this.send(order, wrong === 'mark' ? Number.NaN : 100);
  }

  private exit(coin: number): void {
    const of = COINS[coin] ?? instrument();
    const quantity = this.held.get(of.id) ?? ZERO;
    if (quantity.isZero()) return;
    this.count += 1;
    this.send({ ...approvedExit(of, `x${this.count}`), quantity } as unknown as ApprovedOrder, 100);
  }

  private send(order: ApprovedOrder, price: number): void {
    this.last = order;
    const of = COINS.find(({ id }) => id === order.instrumentId) ?? instrument();
    const readings = { held: null, leverage: 2, ticker: tickerAt(of.id, price) };
    const passage = this.gate.admit(order, { instrument: of, readings, bar: () => null });
    if (passage.kind === 'refused') {
      if (order.kind === 'exit') expect.fail(`An exit was refused: ${passage.fault.detail}`);
      return;
    }
    expect(passage.sendable.mayLeave(), 'nothing happened in between').toBe(true);
    this.fill(order);
  }

  private fill(order: ApprovedOrder): void {
    const { instrumentId, clientOrderId, quantity, side, kind } = order;
    const before = this.held.get(instrumentId) ?? ZERO;
    this.held.set(instrumentId, kind === 'exit' ? ZERO : before.plus(quantity));
    this.sentMs.push(this.time.monotonicMs());
    if (kind === 'entry') this.judge(order);
    const amounts = { price: decimal(100), quantity, fee: ZERO, maker: false, cause: 'user' } as const;
    const names = { fillId: clientOrderId, exchangeOrderId: clientOrderId, clientOrderId, instrumentId };
    const fill: Fill = { ...names, ...amounts, side, timeMs: this.time.nowMs() };
    this.tell({ kind: 'fill', fill });
    this.tell({ kind: 'order-update', clientOrderId, instrumentId, state: 'filled', code: '', detail: '' });
  }

  /** By the books of the exchange alone. */
  private judge({ quantity, instrumentId, side }: ApprovedOrder): void {
    this.entered += 1;
    const nowMs = this.time.monotonicMs();
    const value = (amount: Decimal | undefined): number => (amount ?? ZERO).times(100).toNumber();
    const within = (ms: number): number => this.sentMs.filter((sentMs) => sentMs > nowMs - ms).length;
    const exposure = [...this.held.values()].reduce((sum, amount) => sum + value(amount), 0);
    expect(side).toBe('buy');
    expect(value(quantity)).toBeGreaterThan(0);
    expect(value(quantity)).toBeLessThanOrEqual(300);
    expect(value(this.held.get(instrumentId))).toBeLessThanOrEqual(500);
    expect(exposure).toBeLessThanOrEqual(EQUITY * 0.8);
    expect(within(1_000)).toBeLessThanOrEqual(3);
    expect(within(60_000)).toBeLessThanOrEqual(8);
    if (this.readMs === nowMs) expect(EQUITY - this.equity).toBeLessThan(EQUITY * 0.03);
  }

  private async read(): Promise<void> {
    const equity = decimal(this.equity);
    const balance = { equity, walletBalance: equity, available: equity };
    const positions = [...this.held]
      .filter(([, quantity]) => !quantity.isZero())
      .map(([id, quantity]) => {
        return { instrumentId: id, direction: 'long', quantity, markPrice: decimal(100) } as ExchangePosition;
      });
    const asOfMs = this.time.nowMs() + this.clockOffMs;
    this.tell({ kind: 'account-snapshot', asOfMs, balance, positions, transfers: [] });
    this.readMs = this.time.monotonicMs();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  private tell(event: Unstamped): void {
    this.gate.onStep(1, { ...event, timeMs: this.time.nowMs() } as EngineEvent, []);
  }
}

it('no storm of hostile orders through the gate leads the books of the exchange beyond a limit', async () => {
  let entered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 20, maxLength: 80 }), async (deeds) => {
      const storm = new Storm();
      await storm.begin();
      for (const each of deeds) await storm.do(each);
      entered += storm.entered;
    }),
    { numRuns: 400 },
  );
  expect(entered, 'the gate lets sound orders through').toBeGreaterThan(400);
});
