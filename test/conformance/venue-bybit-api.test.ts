import { RestClientV5, WebsocketClient } from 'bybit-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instrumentId } from '../fixture/scripted-market.ts';
import { API_KEY, API_SECRET, type RunningVenue, runVenue } from './venue-fixture.ts';

const category = 'linear';
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);
const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };

interface Update {
  readonly topic: string;
  readonly data: readonly Record<string, unknown>[];
}

let venue: RunningVenue;
let client: RestClientV5;

beforeEach(async () => {
  venue = await runVenue();
  client = new RestClientV5({ key: API_KEY, secret: API_SECRET, baseUrl: venue.http });
});

afterEach(async () => {
  await venue.stop();
});

describe('bybit-api as a client of the venue', () => {
  it('reads time, instruments, tickers and candles', async () => {
    const time = await client.getServerTime();
    expect(Math.abs(Number(time.result.timeSecond) * 1000 - Date.now())).toBeLessThan(5000);
    const instruments = await client.getInstrumentsInfo({ category, limit: 1000 });
    expect(instruments.result.list.map((row) => row.symbol)).toEqual([symbol, 'ETHUSDT']);
    const tickers = await client.getTickers({ category });
    expect(tickers.result.list[1]).toMatchObject({ symbol: 'ETHUSDT', lastPrice: '3000.0' });
    const candles = await client.getKline({ category, symbol, interval: '60', limit: 5 });
    const opens = candles.result.list.map((row) => Number(row[0]));
    expect(opens).toHaveLength(5);
    expect(opens).toEqual(opens.toSorted((a, b) => b - a));
  });

  it('reads the wallet', async () => {
    const wallet = await client.getWalletBalance({ accountType: 'UNIFIED' });
    expect(wallet.result.list[0]?.coin[0]).toMatchObject({ coin: 'USDT' });
  });

  it('refuses a wrong signature', async () => {
    const stranger = new RestClientV5({ key: API_KEY, secret: 'wrong', baseUrl: venue.http });
    expect(await stranger.getAccountInfo()).toMatchObject({ retCode: 10004 });
  });

  it('places an order, finds it by its client id and cancels it once', async () => {
    const order = { category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: '50000' } as const;
    const placed = await client.submitOrder({ ...order, timeInForce: 'GTC', orderLinkId: 'api1' });
    expect(placed).toMatchObject({ retCode: 0, result: { orderLinkId: 'api1' } });
    const open = await client.getActiveOrders({ category, settleCoin: 'USDT', orderLinkId: 'api1' });
    expect(open.result.list).toMatchObject([{ orderId: placed.result.orderId, orderStatus: 'New' }]);
    const cancel = () => client.cancelOrder({ category, symbol, orderLinkId: 'api1' });
    expect(await cancel()).toMatchObject({ retCode: 0 });
    expect(await cancel()).toMatchObject({ retCode: 110001 });
    const history = await client.getHistoricOrders({ category, symbol, orderLinkId: 'api1' });
    expect(history.result.list).toMatchObject([{ orderStatus: 'Cancelled', cancelType: 'CancelByUser' }]);
  });

  it('guards a position with a stop that fires and says why', async () => {
    await client.submitOrder({
      category,
      symbol,
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
      stopLoss: '58000',
    });
    const moved = { category, symbol, stopLoss: '59000', tpslMode: 'Full', positionIdx: 0 } as const;
    expect(await client.setTradingStop(moved)).toMatchObject({ retCode: 0 });
    expect(await client.setTradingStop(moved)).toMatchObject({ retCode: 34040 });
    const positions = await client.getPositionInfo({ category, settleCoin: 'USDT' });
    expect(positions.result.list).toMatchObject([{ size: '0.010', stopLoss: '59000.0' }]);
    const stops = await client.getActiveOrders({ category, symbol });
    expect(stops.result.list).toMatchObject([
      { orderStatus: 'Untriggered', stopOrderType: 'StopLoss', triggerPrice: '59000.0', reduceOnly: true },
    ]);
    venue.market.setPrice(btcId, 58_900);
    venue.venue.advance();
    const executions = await client.getExecutionList({ category, symbol });
    expect(executions.result.list[0]).toMatchObject({ execPrice: '58900.0', createType: 'CreateByStopLoss' });
    expect((await client.getPositionInfo({ category, settleCoin: 'USDT' })).result.list).toEqual([]);
    const closed = await client.getClosedPnL({ category });
    expect(closed.result.list[0]).toMatchObject({ side: 'Sell', closedSize: '0.010' });
    venue.market.setPrice(btcId, 60_000);
    venue.venue.advance();
  });

  it('refuses the same leverage again', async () => {
    const leverage = { category, symbol, buyLeverage: '3', sellLeverage: '3' } as const;
    expect(await client.setLeverage(leverage)).toMatchObject({ retCode: 0 });
    expect(await client.setLeverage(leverage)).toMatchObject({ retCode: 110043 });
  });

  it('streams candles to the public client', async () => {
    const stream = connect('/v5/public/linear');
    const update = nextUpdate(stream, (each) => each.topic === `kline.1.${symbol}`);
    stream.subscribeV5(`kline.1.${symbol}`, category);
    expect((await update).data[0]).toMatchObject({ interval: '1', confirm: false, close: '60000.0' });
    stream.closeAll(true);
  });

  it('streams orders, executions, positions and wallet to the private client', async () => {
    const stream = connect('/v5/private');
    const topics = ['order', 'position', 'execution', 'wallet'];
    const subscribed = nextResponse(stream, 'subscribe');
    stream.subscribeV5(topics, category, true);
    await subscribed;
    const updates = topics.map((topic) => nextUpdate(stream, (each) => each.topic === topic));
    await client.submitOrder({
      category,
      symbol,
      side: 'Sell',
      orderType: 'Market',
      qty: '0.002',
      orderLinkId: 's1',
    });
    const [order, position, execution, wallet] = await Promise.all(updates);
    expect(order?.data[0]).toMatchObject({ orderLinkId: 's1', orderStatus: 'Filled', cumExecQty: '0.002' });
    expect(position?.data[0]).toMatchObject({ side: 'Sell', size: '0.002', entryPrice: '60000' });
    expect(execution?.data[0]).toMatchObject({ orderLinkId: 's1', execPrice: '60000.0', isMaker: false });
    expect(wallet?.data[0]).toMatchObject({ accountType: 'UNIFIED' });
    stream.closeAll(true);
  });
});

function connect(path: string): WebsocketClient {
  const keys = { key: API_KEY, secret: API_SECRET };
  const stream = new WebsocketClient({ ...keys, market: 'v5', wsUrl: venue.ws + path }, silent);
  stream.on('exception', () => undefined);
  return stream;
}

function nextUpdate(stream: WebsocketClient, matches: (update: Update) => boolean): Promise<Update> {
  return new Promise((resolve) => {
    stream.on('update', (update: Update) => {
      if (matches(update)) resolve(update);
    });
  });
}

function nextResponse(stream: WebsocketClient, op: string): Promise<void> {
  return new Promise((resolve) => {
    stream.on('response', (response: { readonly op?: string }) => {
      if (response.op === op) resolve();
    });
  });
}
