import { expect, it } from 'vitest';
import { rng } from '../../src/core/base/rng.ts';
import { createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import { API_KEY, API_SECRET, venueClient } from '../fixture/venue-client.ts';
import { knownValue } from './exchange-bybit-answers.ts';
import { settled } from './exchange-scripted-transport.ts';

it('the adapter reads an account in isolated mode: its mode, what is free, and a position with its margin', async () => {
  const client = venueClient();
  const { time } = client;
  const exchange = createBybitExchange({
    transport: client.link,
    time,
    rng: rng(5),
    credentials: { apiKey: API_KEY, secret: API_SECRET },
    share: 0.8,
    log: () => undefined,
  });
  const run = <T>(promise: Promise<T>): Promise<T> => settled(time, promise);
  await run(exchange.readInstruments());
  expect(knownValue(await run(exchange.readMarginMode()))).toBe('cross');
  await client.post('/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' });
  expect(knownValue(await run(exchange.readMarginMode()))).toBe('isolated');
  const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.1' };
  await client.post('/v5/order/create', order);
  const value = 60_000.1 * 0.1;
  const balance = knownValue(await run(exchange.readBalance('reconcile')));
  // 10,000 less the fee paid, the initial margin at 10x and the fee of closing.
  expect(balance.available.toNumber()).toBeCloseTo(10_000 - value / 10 - 2 * value * 0.00055, 6);
  const [position] = knownValue(await run(exchange.readPositions('reconcile')));
  expect(position?.quantity.toNumber()).toBe(0.1);
  expect(position?.liquidationPrice?.toNumber()).toBeGreaterThan(54_000);
});
