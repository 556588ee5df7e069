import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  executionRow,
  orderRow,
  START_MS,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import type { Fill, Order } from '../../core/domain/order.ts';
import { streamSignature } from './signing.ts';

async function setUp() {
  const all = bench({ '/v5/market/time': () => answered(envelope({}, START_MS + 60_000)) });
  await all.run(all.exchange.readTime());
  const states: string[] = [];
  const orders: Order[] = [];
  const fills: Fill[] = [];
  let changes = 0;
  const stream = all.exchange.streamAccount({
    onOrder: (order) => orders.push(order),
    onFill: (fill) => fills.push(fill),
    onAccountChanged: () => {
      changes += 1;
    },
    onState: (state) => states.push(state.kind),
  });
  const last = () => all.transport.channels.at(-1) ?? expect.fail('no channel was opened');
  const connect = () => {
    last().open();
    last().push({ success: true, ret_msg: '', op: 'auth', conn_id: 'c' });
    last().acknowledge('subscribe');
  };
  return { ...all, states, orders, fills, changes: () => changes, stream, last, connect };
}

const push = (topic: string, ...data: readonly unknown[]) => ({
  id: '1',
  topic,
  creationTime: START_MS,
  data,
});

describe('the account stream', () => {
  it('logs in by the clock of the exchange, then subscribes, then is up', async () => {
    const { last, states } = await setUp();
    last().open();
    const [login] = last().operations('auth');
    const expiresMs = Number(login?.args[1]);
    expect(expiresMs).toBeGreaterThan(START_MS + 60_000);
    expect(expiresMs).toBeLessThan(START_MS + 60_000 + 30_000);
    const secret = { apiKey: 'testkey', secret: 'testsecret' };
    expect(login?.args).toEqual(['testkey', expiresMs, streamSignature(secret, expiresMs)]);
    expect(last().operations('subscribe')).toHaveLength(0);
    last().push({ success: true, ret_msg: '', op: 'auth', conn_id: 'c' });
    expect(
      last()
        .operations('subscribe')
        .map(({ args }) => args),
    ).toEqual([['order', 'execution', 'position', 'wallet']]);
    expect(states).toEqual([]);
    last().acknowledge('subscribe');
    expect(states).toEqual(['up']);
  });

  it('is down when the login is refused, measures the clock, and tries again', async () => {
    const { last, states, time, transport } = await setUp();
    last().open();
    last().push({ success: false, ret_msg: 'Params Error', op: 'auth', conn_id: 'c' });
    expect(states).toEqual(['down']);
    await time.advance(1000);
    expect(transport.of('/v5/market/time')).toHaveLength(2);
    expect(transport.channels).toHaveLength(2);
  });

  it('is down when one of its topics is refused', async () => {
    const { last, states } = await setUp();
    last().open();
    last().push({ success: true, ret_msg: '', op: 'auth', conn_id: 'c' });
    last().acknowledge('subscribe', (args) => !args.includes('execution'));
    expect(states).toEqual(['down']);
  });

  it('is down ten seconds after a ping nobody answered', async () => {
    const { connect, states, time } = await setUp();
    connect();
    await time.advance(29_900);
    expect(states).toEqual(['up']);
    await time.advance(200);
    expect(states).toEqual(['up', 'down']);
  });

  it('delivers orders and fills in our words, and rings for positions and wallet', async () => {
    const { connect, last, orders, fills, changes } = await setUp();
    connect();
    last().push(push('order', orderRow({ category: 'linear' })));
    last().push(push('execution', executionRow({ category: 'linear', stopOrderType: 'StopLoss' })));
    last().push(push('position', { anything: 1 }));
    last().push(push('wallet', {}));
    expect(orders.map(({ clientOrderId, status }) => [clientOrderId, status])).toEqual([['ib1', 'filled']]);
    expect(fills.map(({ fillId, cause }) => [fillId, cause])).toEqual([['e-1', 'stop-loss']]);
    expect(changes()).toBe(2);
  });

  it('leaves out funding and other categories', async () => {
    const { connect, last, orders, fills, changes } = await setUp();
    connect();
    last().push(push('order', orderRow({ category: 'spot' })));
    last().push(push('execution', executionRow({ category: 'linear', execType: 'Funding' })));
    expect([orders.length, fills.length, changes()]).toEqual([0, 0, 0]);
  });

  it.each([
    ['order', orderRow({ category: 'linear', orderStatus: 'Odd' })],
    ['order', orderRow({ category: undefined })],
    ['execution', executionRow({ category: 'linear', execQty: '0' })],
  ])(
    'asks for the account to be read when a push of %s cannot be, and delivers the rest',
    async (topic, row) => {
      const { connect, last, orders, fills, changes, exchange, logged } = await setUp();
      connect();
      const sound =
        topic === 'order' ? orderRow({ category: 'linear' }) : executionRow({ category: 'linear' });
      last().push(push(topic, row, sound));
      expect(orders.length + fills.length).toBe(1);
      expect(changes()).toBe(1);
      expect(exchange.counters()[`push-unreadable ${topic}`]).toBe(1);
      expect(logged.join()).toContain(`${topic}: data.0`);
    },
  );

  it('asks for the account to be read when a push has no rows', async () => {
    const { connect, last, changes } = await setUp();
    connect();
    last().push({ topic: 'order', data: null });
    expect(changes()).toBe(1);
  });

  it('ends with the exchange', async () => {
    const { connect, exchange, time, transport, states } = await setUp();
    connect();
    exchange.close();
    await time.advance(120_000);
    expect(transport.channels).toHaveLength(1);
    expect(states).toEqual(['up']);
  });
});
