import ccxt from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instrumentId } from '../fixture/scripted-market.ts';
import { API_KEY, API_SECRET, type RunningVenue, runVenue } from './venue-fixture.ts';

const BTC = 'BTC/USDT:USDT';
const btcId = instrumentId('BTCUSDT');

let venue: RunningVenue;
let exchange: InstanceType<typeof ccxt.pro.bybit>;

beforeAll(async () => {
  venue = await runVenue();
  exchange = await connect({ fetchMarkets: { types: ['linear'] }, defaultType: 'swap' });
  await exchange.loadMarkets();
});

afterAll(async () => {
  await exchange.close();
  await venue.stop();
});

describe('ccxt as a client of the venue', () => {
  it('loads markets with its default options', async () => {
    const plain = await connect({});
    const markets = await plain.loadMarkets();
    await plain.close();
    expect(Object.keys(markets).sort()).toEqual([BTC, 'ETH/USDT:USDT']);
  });

  it('reads the rules of an instrument', () => {
    const market = exchange.market(BTC);
    expect(market.precision).toMatchObject({ amount: 0.001, price: 0.1 });
    expect(market.limits.leverage).toMatchObject({ min: 1, max: 100 });
    expect(market.linear).toBe(true);
  });

  it('reads tickers and candles', async () => {
    const tickers = await exchange.fetchTickers();
    expect(tickers['ETH/USDT:USDT']?.last).toBe(3000);
    const candles = await exchange.fetchOHLCV(BTC, '1h', undefined, 5);
    expect(candles).toHaveLength(5);
    expect(candles[4]![0]! - candles[3]![0]!).toBe(3_600_000);
  });

  it('reads the balance', async () => {
    const balance = await exchange.fetchBalance();
    expect(balance['USDT']?.total).toBeGreaterThan(9000);
  });

  it('places a limit order, sees it, amends it and cancels it', async () => {
    const placed = await exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'ccxt1' });
    const open = await exchange.fetchOpenOrders(BTC);
    expect(open.map((order) => [order.id, order.clientOrderId, order.price, order.status])).toEqual([
      [String(placed.id), 'ccxt1', 50_000, 'open'],
    ]);
    await exchange.editOrder(String(placed.id), BTC, 'limit', 'buy', 0.02, 49_000);
    expect((await exchange.fetchOpenOrders(BTC))[0]).toMatchObject({ price: 49_000, amount: 0.02 });
    await exchange.cancelOrder(String(placed.id), BTC);
    expect(await exchange.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('refuses a client order id that was used before', async () => {
    const place = () => exchange.createOrder(BTC, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'twice' });
    const placed = await place();
    await exchange.cancelOrder(String(placed.id), BTC);
    await expect(place()).rejects.toThrow('110072');
  });

  it('opens a position with a stop, reads it and its execution, and closes it', async () => {
    const stops = { stopLoss: { triggerPrice: 55_000 }, takeProfit: { triggerPrice: 70_000 } };
    const placed = await exchange.createOrder(BTC, 'market', 'buy', 0.01, undefined, stops);
    const [position] = await exchange.fetchPositions([BTC]);
    expect(position).toMatchObject({
      side: 'long',
      contracts: 0.01,
      entryPrice: 60_000.1,
      stopLossPrice: 55_000,
      takeProfitPrice: 70_000,
    });
    const trades = await exchange.fetchMyTrades(BTC);
    expect(trades.find((trade) => trade.order === String(placed.id))).toMatchObject({
      amount: 0.01,
      price: 60_000.1,
    });
    await exchange.createOrder(BTC, 'market', 'sell', 0.01, undefined, { reduceOnly: true });
    expect((await exchange.fetchPositions()).length).toBe(0);
    const [closed] = await exchange.fetchPositionsHistory([BTC]);
    // Bought at the ask, sold at the bid one tick below: 0.01 x 0.1 lost, and 0.055 % of both values.
    expect(closed?.realizedPnl).toBeCloseTo(-(0.001 + (600.001 + 600) * 0.00055), 9);
  });

  it('sets leverage', async () => {
    await expect(exchange.setLeverage(7, BTC)).resolves.toMatchObject({ retCode: 0 });
    await expect(exchange.setLeverage(7, BTC)).rejects.toThrow('110043');
  });

  it('watches candles', async () => {
    const watching = exchange.watchOHLCV(BTC, '1m');
    const moving = setInterval(() => venue.market.setPrice(btcId, 60_000), 50);
    const candles = await watching;
    clearInterval(moving);
    expect(candles.at(-1)?.[4]).toBe(60_000);
  });

  it('watches orders: a new one and its cancellation', async () => {
    const seen: string[] = [];
    const first = exchange.watchOrders(BTC);
    const placed = await settled(exchange, () =>
      exchange.createOrder(BTC, 'limit', 'buy', 0.01, 40_000, { clientOrderId: 'watched' }),
    );
    for (const order of await first) seen.push(`${order.clientOrderId} ${order.status}`);
    const second = exchange.watchOrders(BTC);
    await exchange.cancelOrder(String(placed.id), BTC);
    for (const order of await second) seen.push(`${order.clientOrderId} ${order.status}`);
    expect(seen).toContain('watched open');
    expect(seen).toContain('watched canceled');
  });
});

async function connect(options: object): Promise<typeof exchange> {
  const client = new ccxt.pro.bybit({ apiKey: API_KEY, secret: API_SECRET, enableRateLimit: false, options });
  await client.loadHttpProxyAgent();
  client.urls['api'] = rebase(client.urls['api']) as (typeof client.urls)['api'];
  if (Object.keys(options).length > 0) client.has['fetchCurrencies'] = false;
  return client;
}

/** Every address ccxt knows, moved to the venue: scheme and host replaced, path kept. */
function rebase(value: unknown): unknown {
  if (typeof value === 'string') {
    const path = value.replace(/^\w+:\/\/[^/]+/, '');
    return (value.startsWith('ws') ? venue.ws : venue.http) + path;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rebase(each)]));
}

/** Acts once the private stream is logged in and subscribed: pushes are not repeated for who comes late. */
async function settled<T>(client: typeof exchange, act: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const streams = Object.values(client.clients as Record<string, { url: string; subscriptions: object }>);
    const stream = streams.find((each) => each.url.endsWith('/v5/private'));
    if (stream !== undefined && Object.keys(stream.subscriptions).length > 1) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return act();
}
