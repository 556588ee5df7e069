import { RestClientV5 } from 'bybit-api';
import { expect } from 'vitest';
import type { KeyTerms } from '../../../src/venue/key-terms.ts';
import { API_KEY, API_SECRET } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { cause } from './money-words.ts';
import { BTC, category, type StageOptions, symbol } from './stage.ts';

const HOUR_MS = 3_600_000;

const withKey = (terms: Partial<KeyTerms>): StageOptions => ({
  accounts: [
    {
      apiKey: API_KEY,
      apiSecret: API_SECRET,
      uid: '1001',
      walletUsdt: 10_000,
      key: { permissions: ['read', 'trade'], ips: [], expiresMs: null, ...terms },
    },
  ],
});
const order = { category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01' } as const;

/** What keys may do, from where and for how long. */
export const keyCards: readonly Card[] = [
  {
    number: 301,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'a key shows its rights: orders and positions, from anywhere, without an end',
    play: async ({ rest }) => {
      const key = await rest.getQueryApiKey();
      expect(key.result).toMatchObject({
        apiKey: API_KEY,
        readOnly: 0,
        ips: ['*'],
        permissions: { ContractTrade: ['Order', 'Position'], Wallet: [] },
        vipLevel: 'No VIP',
      });
    },
  },
  {
    number: 302,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'a key that may only read is shown as such, reads, and is refused an order with 10005',
    stage: withKey({ permissions: ['read'] }),
    play: async ({ rest }) => {
      expect((await rest.getQueryApiKey()).result).toMatchObject({ readOnly: 1 });
      expect(await rest.getPositionInfo({ category, symbol })).toMatchObject({ retCode: 0 });
      expect(await rest.submitOrder(order)).toMatchObject({ retCode: 10005 });
      expect(await rest.setMarginMode('ISOLATED_MARGIN')).toMatchObject({ retCode: 10005 });
    },
  },
  {
    number: 303,
    client: 'ccxt',
    capability: 'API keys',
    title: 'a client takes a missing right for a denied permission',
    stage: withKey({ permissions: ['read'] }),
    play: async (stage) => {
      const client = await stage.ccxt();
      await expect(client.createOrder(BTC, 'market', 'buy', 0.01)).rejects.toMatchObject({
        name: 'PermissionDenied',
      });
    },
  },
  {
    number: 304,
    client: 'wire',
    capability: 'API keys',
    title: 'a key without any right is refused everything',
    stage: withKey({ permissions: [] }),
    play: async ({ send }) => {
      expect(await send('GET', '/v5/account/info', {})).toMatchObject({ retCode: 10005 });
    },
  },
  {
    number: 305,
    client: 'wire',
    capability: 'API keys',
    title: 'a key with the right to withdraw shows it',
    stage: withKey({ permissions: ['read', 'trade', 'withdraw'] }),
    play: async ({ send }) => {
      const key = await send('GET', '/v5/user/query-api', {});
      expect(key.result['permissions']).toMatchObject({ Wallet: ['AccountTransfer', 'Withdraw'] });
    },
  },
  {
    number: 306,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'a key bound to another address is refused with 10010',
    stage: withKey({ ips: ['203.0.113.7'] }),
    play: async ({ rest }) => {
      expect(await rest.getAccountInfo()).toMatchObject({ retCode: 10010 });
    },
  },
  {
    number: 307,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'a key bound to this address works and shows it',
    stage: withKey({ ips: ['127.0.0.1'] }),
    play: async ({ rest }) => {
      expect((await rest.getQueryApiKey()).result).toMatchObject({ ips: ['127.0.0.1'] });
    },
  },
  {
    number: 308,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'an expired key is refused with 33004',
    stage: withKey({ expiresMs: 1 }),
    play: async ({ rest }) => {
      expect(await rest.getAccountInfo()).toMatchObject({ retCode: 33004 });
    },
  },
  {
    number: 309,
    client: 'wire',
    capability: 'API keys',
    title: 'a key that will expire shows when',
    stage: withKey({ expiresMs: Date.UTC(2099, 0, 1) }),
    play: async ({ send }) => {
      const key = await send('GET', '/v5/user/query-api', {});
      expect(key.result).toMatchObject({ expiredAt: '2099-01-01T00:00:00Z' });
      const days = (Date.UTC(2099, 0, 1) - Date.now()) / (24 * HOUR_MS);
      expect(Number(key.result['deadlineDay']) - days).toBeLessThanOrEqual(1);
    },
  },
  {
    number: 310,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'an unknown key is refused with 10003, a wrong secret with 10004',
    play: async ({ running }) => {
      const unknown = new RestClientV5({ key: 'nobody', secret: API_SECRET, baseUrl: running.http });
      expect(await unknown.getAccountInfo()).toMatchObject({ retCode: 10003 });
      const wrong = new RestClientV5({ key: API_KEY, secret: 'wrong', baseUrl: running.http });
      expect(await wrong.getAccountInfo()).toMatchObject({ retCode: 10004 });
    },
  },
  {
    number: 311,
    client: 'ccxt',
    capability: 'API keys',
    title: 'a deleted key is an authentication error, until it is there again',
    play: async (stage) => {
      const client = await stage.ccxt();
      cause(stage, { name: 'key-deleted' });
      await expect(client.fetchBalance()).rejects.toMatchObject({ name: 'AuthenticationError' });
      stage.running.venue.faults.removeAll('key-deleted');
      expect((await client.fetchBalance())['USDT']?.total).toBe(10_000);
    },
  },
  {
    number: 312,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'rights that are taken away hold from the next request on',
    play: async (stage) => {
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 0 });
      cause(stage, { name: 'key-rights', may: 'read' });
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 10005 });
    },
  },
  {
    number: 313,
    client: 'wire',
    capability: 'API keys',
    title: 'a key that expires while it is used is refused from then on',
    play: async (stage) => {
      cause(stage, { name: 'key-expires' });
      expect(await stage.send('GET', '/v5/account/info', {})).toMatchObject({ retCode: 33004 });
    },
  },
  {
    number: 314,
    client: 'bybit-api',
    capability: 'API keys',
    title: 'a tier an account has is shown with its key',
    play: async (stage) => {
      cause(stage, { name: 'fee-level', level: 'VIP-3' });
      expect((await stage.rest.getQueryApiKey()).result).toMatchObject({ vipLevel: 'VIP-3' });
    },
  },
];
