import { expect } from 'vitest';
import type { Card } from './card.ts';
import { cause, trade, wallet } from './money-words.ts';
import { BTC, category, symbol } from './stage.ts';

const FEE = 60_000.1 * 0.1 * 0.00055;

/** Wallet, fees and the log of everything that moved money. */
export const moneyAccountCards: readonly Card[] = [
  {
    number: 201,
    client: 'bybit-api',
    capability: 'wallet',
    title: 'the wallet holds what was deposited, all of it available',
    play: async ({ rest }) => {
      const read = await rest.getWalletBalance({ accountType: 'UNIFIED' });
      expect(read.result.list[0]).toMatchObject({
        totalEquity: '10000',
        totalWalletBalance: '10000',
        totalAvailableBalance: '10000',
        coin: [{ coin: 'USDT', walletBalance: '10000', unrealisedPnl: '0' }],
      });
    },
  },
  {
    number: 202,
    client: 'ccxt',
    capability: 'wallet',
    title: 'a balance is read as free, used and total',
    play: async (stage) => {
      await trade(stage, 0.1);
      const { USDT } = await (await stage.ccxt()).fetchBalance();
      expect(USDT?.total).toBeCloseTo(10_000 - FEE, 5);
      expect(USDT?.used).toBeGreaterThan(0);
    },
  },
  {
    number: 203,
    client: 'wire',
    capability: 'wallet',
    title: 'unrealised profit counts in the equity and not in the wallet',
    play: async (stage) => {
      await trade(stage, 0.1);
      stage.move(61_000);
      const row = await wallet(stage);
      expect(Number(row['totalEquity']) - Number(row['totalWalletBalance'])).toBeCloseTo(99.99, 6);
      expect(Number(row['totalPerpUPL'])).toBeCloseTo(99.99, 6);
    },
  },
  {
    number: 204,
    client: 'bybit-api',
    capability: 'fees',
    title: 'fee rates are those of an account without a tier',
    play: async ({ rest }) => {
      const rates = await rest.getFeeRate({ category, symbol });
      expect(rates.result.list).toMatchObject([{ symbol, takerFeeRate: '0.00055', makerFeeRate: '0.0002' }]);
    },
  },
  {
    number: 205,
    client: 'ccxt',
    capability: 'fees',
    title: 'a promised tier is read as fees and paid from then on',
    play: async (stage) => {
      cause(stage, { name: 'fee-level', level: 'VIP-1' });
      const client = await stage.ccxt();
      expect(await client.fetchTradingFee(BTC)).toMatchObject({ taker: 0.0004, maker: 0.00018 });
      await trade(stage, 0.1);
      const [fill] = await client.fetchMyTrades(BTC);
      expect(fill?.fee?.cost).toBeCloseTo(60_000.1 * 0.1 * 0.0004, 6);
    },
  },
  {
    number: 206,
    client: 'wire',
    capability: 'fees',
    title: 'a resting order pays the maker rate',
    play: async (stage) => {
      const { rest } = stage;
      const order = {
        category,
        symbol,
        side: 'Buy',
        orderType: 'Limit',
        qty: '0.1',
        price: '59000',
      } as const;
      await rest.submitOrder(order);
      stage.move(58_900);
      const fills = await stage.send('GET', '/v5/execution/list', { category, symbol });
      expect(fills.result.list?.[0]).toMatchObject({ isMaker: true, feeRate: '0.0002', execFee: '1.18' });
    },
  },
  {
    number: 207,
    client: 'bybit-api',
    capability: 'transaction log',
    title: 'a trade that closes is logged with cash flow, fee and the balance after it',
    play: async (stage) => {
      await trade(stage, 0.1);
      stage.move(61_000);
      await trade(stage, -0.1, true);
      const log = await stage.rest.getTransactionLog({ accountType: 'UNIFIED', category });
      const [closing, opening] = log.result.list;
      expect(opening).toMatchObject({
        type: 'TRADE',
        side: 'Buy',
        qty: '0.100',
        size: '0.100',
        cashFlow: '0',
      });
      expect(closing).toMatchObject({ type: 'TRADE', side: 'Sell', size: '0.000', currency: 'USDT' });
      expect(Number(closing?.cashFlow)).toBeCloseTo(99.99, 6);
      const change = Number(closing?.cashFlow) - Number(closing?.fee);
      expect(Number(closing?.change)).toBeCloseTo(change, 6);
      expect(Number(closing?.cashBalance)).toBeCloseTo(Number(opening?.cashBalance) + change, 6);
    },
  },
  {
    number: 208,
    client: 'ccxt',
    capability: 'transaction log',
    title: 'the ledger of a client adds up to the wallet',
    play: async (stage) => {
      await trade(stage, 0.1);
      stage.move(60_500);
      await trade(stage, -0.1, true);
      const client = await stage.ccxt();
      const entries = await client.fetchLedger('USDT');
      expect(entries.length).toBe(3);
      const sum = entries.reduce((total, entry) => total + Number(entry.info['change']), 0);
      expect(sum).toBeCloseTo(Number((await client.fetchBalance())['USDT']?.total), 6);
    },
  },
  {
    number: 209,
    client: 'wire',
    capability: 'transaction log',
    title: 'deposits, withdrawals, bonuses and refunds are logged by their kinds',
    play: async (stage) => {
      cause(stage, { name: 'money-moves', kind: 'deposit', amount: 500 });
      cause(stage, { name: 'money-moves', kind: 'transfer-out', amount: 200 });
      cause(stage, { name: 'money-moves', kind: 'bonus', amount: 10 });
      cause(stage, { name: 'money-moves', kind: 'fee-refund', amount: 1 });
      const log = await stage.send('GET', '/v5/account/transaction-log', {});
      expect(log.result.list?.map((row) => [row['type'], row['change']])).toEqual([
        ['FEE_REFUND', '1'],
        ['BONUS', '10'],
        ['TRANSFER_OUT', '-200'],
        ['TRANSFER_IN', '500'],
        ['TRANSFER_IN', '10000'],
      ]);
      const out = await stage.send('GET', '/v5/account/transaction-log', { type: 'TRANSFER_OUT' });
      expect(out.result.list).toHaveLength(1);
    },
  },
  {
    number: 210,
    client: 'wire',
    capability: 'transaction log',
    title: 'a window over seven days and a kind there is none of are refused',
    play: async ({ send }) => {
      const path = '/v5/account/transaction-log';
      const long = { startTime: Date.now() - 8 * 86_400_000, endTime: Date.now() };
      expect(await send('GET', path, long)).toMatchObject({ retCode: 10001 });
      expect(await send('GET', path, { type: 'NONSENSE' })).toMatchObject({ retCode: 10001 });
    },
  },
  {
    number: 211,
    client: 'wire',
    capability: 'transaction log',
    title: 'pages follow each other without a row lost or doubled',
    play: async (stage) => {
      for (let amount = 1; amount <= 5; amount += 1) {
        cause(stage, { name: 'money-moves', kind: 'deposit', amount });
      }
      const seen: unknown[] = [];
      let cursor = '';
      do {
        const query = { limit: 2, ...(cursor === '' ? {} : { cursor }) };
        const { result } = await stage.send('GET', '/v5/account/transaction-log', query);
        seen.push(...(result.list ?? []).map((row) => row['change']));
        cursor = String(result['nextPageCursor']);
      } while (cursor !== '');
      expect(seen).toEqual(['5', '4', '3', '2', '1', '10000']);
    },
  },
  {
    number: 212,
    client: 'wire',
    capability: 'withdrawable money',
    title: 'money a position needs, and profit not yet taken, may not leave',
    play: async (stage) => {
      await trade(stage, 0.1);
      stage.move(70_000);
      const read = await stage.send('GET', '/v5/account/withdrawal', { coinName: 'USDT,BTC' });
      const left = 10_000 - FEE - (70_000 * 0.1) / 10;
      expect(Number(read.result['availableWithdrawal'])).toBeCloseTo(left, 6);
      expect(read.result['availableWithdrawalMap']).toMatchObject({ BTC: '0' });
    },
  },
  {
    number: 213,
    client: 'bybit-api',
    capability: 'wallet',
    title: 'coin balances of the account are listed',
    play: async ({ rest }) => {
      const read = await rest.getAllCoinsBalance({ accountType: 'UNIFIED', coin: 'USDT' });
      expect(read.result).toMatchObject({
        accountType: 'UNIFIED',
        balance: [{ coin: 'USDT', walletBalance: '10000', transferBalance: '10000' }],
      });
    },
  },
];
