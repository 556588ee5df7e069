import { expect } from 'vitest';
import { API_KEY, API_SECRET } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { category, type Stage, symbol } from './stage.ts';

const ON = { limits: { isOn: true } };
const cancel = { category, symbol, orderId: 'none' } as const;
const orders = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    symbol,
    side: 'Buy',
    orderType: 'Limit',
    qty: '0.001',
    price: String(58_000 + at),
  }));

/** As many requests at once. */
const many = (stage: Stage, count: number, path: string, body: object) =>
  Promise.all(Array.from({ length: count }, () => stage.send('POST', path, body)));

/** How often one may ask. */
export const limitCards: readonly Card[] = [
  {
    number: 320,
    client: 'wire',
    capability: 'rate limits',
    title: 'every private answer says what is left of the second',
    stage: ON,
    play: async ({ send }) => {
      const first = await send('GET', '/v5/account/info', {});
      expect(first.headers.get('x-bapi-limit')).toBe('50');
      expect(first.headers.get('x-bapi-limit-status')).toBe('49');
      const nowMs = Number(first.headers.get('x-bapi-limit-reset-timestamp'));
      expect(Math.abs(nowMs - Date.now())).toBeLessThan(5000);
    },
  },
  {
    number: 321,
    client: 'wire',
    capability: 'rate limits',
    title: 'the eleventh cancel of a second is refused with 10006 and told when to come again',
    stage: ON,
    play: async (stage) => {
      const answers = await many(stage, 12, '/v5/order/cancel', cancel);
      const refused = answers.filter(({ retCode }) => retCode === 10006);
      expect(refused.length).toBeGreaterThanOrEqual(1);
      expect(refused[0]?.headers.get('x-bapi-limit-status')).toBe('0');
      expect(Number(refused[0]?.headers.get('x-bapi-limit-reset-timestamp'))).toBeGreaterThan(
        Date.now() - 1000,
      );
    },
  },
  {
    number: 322,
    client: 'wire',
    capability: 'rate limits',
    title: 'one endpoint does not use up another',
    stage: ON,
    play: async (stage) => {
      await many(stage, 12, '/v5/order/cancel', cancel);
      const other = await stage.send('POST', '/v5/order/amend', { ...cancel, price: '59000' });
      expect(other.retCode).toBe(110001);
    },
  },
  {
    number: 323,
    client: 'wire',
    capability: 'rate limits',
    title: 'a batch counts for each of its orders',
    stage: ON,
    play: async ({ send }) => {
      const made = await send('POST', '/v5/order/create-batch', { category, request: orders(7) });
      expect(made.headers.get('x-bapi-limit-status')).toBe('3');
    },
  },
  {
    number: 324,
    client: 'wire',
    capability: 'rate limits',
    title: 'what the second does not let through of a batch is refused item by item',
    stage: ON,
    play: async ({ send }) => {
      const made = await send('POST', '/v5/order/create-batch', { category, request: orders(12) });
      const codes = made.retExtInfo.list?.map(({ code }) => code);
      expect(codes).toEqual([...Array.from({ length: 10 }, () => 0), 10006, 10006]);
    },
  },
  {
    number: 325,
    client: 'wire',
    capability: 'rate limits',
    title: 'limits count by account: another one goes on',
    stage: {
      limits: { isOn: true },
      accounts: [
        { apiKey: 'first', apiSecret: 'first', uid: '1', walletUsdt: 10 },
        { apiKey: API_KEY, apiSecret: API_SECRET, uid: '2', walletUsdt: 10 },
      ],
    },
    play: async (stage) => {
      await many(stage, 12, '/v5/order/cancel', cancel);
      const { RestClientV5 } = await import('bybit-api');
      const first = new RestClientV5({ key: 'first', secret: 'first', baseUrl: stage.running.http });
      expect(await first.cancelOrder(cancel)).toMatchObject({ retCode: 110001 });
    },
  },
  {
    number: 326,
    client: 'wire',
    capability: 'rate limits',
    title: 'an address that asks too often is shut out with 403, from public data too',
    stage: { limits: { isOn: true, ipRequests: 5 } },
    play: async ({ running }) => {
      const ask = () => fetch(`${running.http}/v5/market/time`);
      for (let at = 0; at < 5; at += 1) expect((await ask()).status).toBe(200);
      const shut = await ask();
      expect(shut.status).toBe(403);
      expect(await shut.text()).toContain('access too frequent');
      expect((await fetch(`${running.http}/v5/market/tickers?category=linear`)).status).toBe(403);
    },
  },
];
