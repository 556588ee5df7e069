import { createHmac } from 'node:crypto';
import { decimal } from '../../src/core/base/decimal.ts';
import { instrument, instrumentId } from '../fixture/scripted-market.ts';
import {
  API_KEY,
  API_SECRET,
  type Envelope,
  type VenueClient,
  venueClient,
} from '../fixture/venue-client.ts';

const category = 'linear';
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);
const market = { category, symbol, side: 'Buy', orderType: 'Market', qty: '2' };
const limit = { category, symbol, side: 'Buy', orderType: 'Limit', qty: '1', price: '96' };
const named = { category, symbol, orderLinkId: 'page-1' };

interface Exceptions {
  /** Fields of other categories or account kinds, by their path in the answer. */
  readonly spared?: readonly string[];
  /** Fields whose documented type is not the one the exchange sends. */
  readonly mistyped?: readonly string[];
}

interface ServedPage extends Exceptions {
  readonly ask: (client: VenueClient) => Promise<Envelope>;
}

interface PushedPage extends Exceptions {
  readonly push: (client: VenueClient) => Promise<unknown>;
}

const get =
  (path: string, query: Record<string, string | number> = {}): ServedPage['ask'] =>
  (client) =>
    client.get(path, query);
const post =
  (path: string, body: object): ServedPage['ask'] =>
  (client) =>
    client.post(path, body);

/** How each page is asked for. */
export const PAGES_SERVED: Readonly<Record<string, ServedPage>> = {
  'account/account-info': { ask: get('/v5/account/info') },
  'account/fee-rate': { ask: get('/v5/account/fee-rate', { category, symbol }) },
  // Reasons are listed when the mode was refused.
  'account/set-margin-mode': {
    ask: post('/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' }),
    spared: ['reasons'],
  },
  'account/transaction-log': { ask: get('/v5/account/transaction-log') },
  'account/unified-trans-amnt': { ask: get('/v5/account/withdrawal', { coinName: 'USDT' }) },
  'account/wallet-balance': {
    ask: get('/v5/account/wallet-balance', { accountType: 'UNIFIED' }),
    spared: ['list.coin.free'],
  },
  'asset/balance/all-balance': {
    ask: get('/v5/asset/transfer/query-account-coins-balance', { accountType: 'UNIFIED' }),
  },
  'market/adl-alert': { ask: get('/v5/market/adlAlert', { symbol }) },
  'market/delivery-price': {
    ask: async (client) => {
      client.market.delist(btcId);
      await client.time.advance(1000);
      return client.get('/v5/market/delivery-price', { category, symbol });
    },
  },
  'market/history-fund-rate': { ask: get('/v5/market/funding/history', { category, symbol }) },
  'market/index-kline': {
    ask: get('/v5/market/index-price-kline', { category, symbol, interval: '60', limit: 3 }),
  },
  'market/instrument': { ask: get('/v5/market/instruments-info', { category, symbol }) },
  'market/insurance': { ask: get('/v5/market/insurance', { coin: 'USDT' }) },
  'market/kline': { ask: get('/v5/market/kline', { category, symbol, interval: '60', limit: 3 }) },
  'market/mark-kline': {
    ask: get('/v5/market/mark-price-kline', { category, symbol, interval: '60', limit: 3 }),
  },
  'market/full-ob': { ask: get('/v5/market/full_orderbook', { category, symbol }) },
  'market/open-interest': {
    ask: get('/v5/market/open-interest', { category, symbol, intervalTime: '5min', limit: 3 }),
  },
  'market/order-price-limit': { ask: get('/v5/market/price-limit', { category, symbol }) },
  'market/orderbook': { ask: get('/v5/market/orderbook', { category, symbol }) },
  'market/premium-index-kline': {
    ask: get('/v5/market/premium-index-price-kline', { category, symbol, interval: '60', limit: 3 }),
  },
  // Of options.
  'market/recent-trade': {
    ask: get('/v5/market/recent-trade', { category, symbol }),
    spared: ['mP', 'iP', 'mIv', 'iv'].map((field) => `list.${field}`),
  },
  'market/risk-limit': {
    ask: get('/v5/market/risk-limit', { category, symbol }),
    mistyped: ['list.maintenanceMargin', 'list.initialMargin'],
  },
  'market/tickers': { ask: get('/v5/market/tickers', { category, symbol }) },
  'market/time': { ask: get('/v5/market/time') },
  'order/amend-order': { ask: post('/v5/order/amend', { ...named, price: '97' }) },
  'order/batch-amend': {
    ask: post('/v5/order/amend-batch', { category, request: [{ ...named, price: '97' }] }),
  },
  'order/batch-cancel': { ask: post('/v5/order/cancel-batch', { category, request: [named] }) },
  'order/batch-place': { ask: post('/v5/order/create-batch', { category, request: [limit] }) },
  'order/cancel-all': { ask: post('/v5/order/cancel-all', { category, symbol }) },
  'order/cancel-order': { ask: post('/v5/order/cancel', named) },
  'order/create-order': { ask: post('/v5/order/create', limit) },
  'order/execution': {
    ask: get('/v5/execution/list', { category, symbol, execType: 'Trade' }),
    // Of spreads.
    spared: ['list.execFeeV2'],
  },
  'order/open-order': { ask: get('/v5/order/realtime', { category, symbol }) },
  'order/order-list': { ask: get('/v5/order/history', { category, symbol }) },
  'order/pre-check-order': { ask: post('/v5/order/pre-check', limit) },
  'position/auto-add-margin': {
    ask: isolated('/v5/position/set-auto-add-margin', { category, symbol, autoAddMargin: 1 }),
  },
  'position/confirm-mmr': { ask: post('/v5/position/confirm-pending-mmr', { category, symbol }) },
  'position/manual-add-margin': {
    ask: isolated('/v5/position/add-margin', { category, symbol, margin: '10' }),
  },
  'position/close-pnl': { ask: get('/v5/position/closed-pnl', { category, symbol }) },
  'position/leverage': {
    ask: post('/v5/position/set-leverage', { category, symbol, buyLeverage: '6', sellLeverage: '6' }),
  },
  'position/position': {
    ask: get('/v5/position/list', { category, symbol }),
    spared: ['delta', 'gamma', 'vega', 'theta'].map((greek) => `list.${greek}`),
  },
  'position/position-mode': {
    ask: async (client) => {
      await client.post('/v5/order/cancel-all', { category, symbol });
      await client.post('/v5/order/create', { ...market, side: 'Sell', reduceOnly: true });
      return client.post('/v5/position/switch-mode', { category, symbol, mode: 3 });
    },
  },
  'position/trading-stop': {
    ask: post('/v5/position/trading-stop', {
      category,
      symbol,
      stopLoss: '70',
      tpslMode: 'Full',
      positionIdx: 0,
    }),
  },
  'user/apikey-info': { ask: get('/v5/user/query-api') },
};

/** What has to happen for each push. */
export const PUSHES_SERVED: Readonly<Record<string, PushedPage>> = {
  'websocket/private/execution': { push: privatePush('execution') },
  'websocket/private/fast-execution': { push: privatePush('execution.fast') },
  'websocket/private/order': { push: privatePush('order') },
  'websocket/private/position': {
    push: privatePush('position'),
    spared: ['delta', 'gamma', 'vega', 'theta'].map((greek) => `data.${greek}`),
  },
  'websocket/private/wallet': { push: privatePush('wallet'), spared: ['data.coin.free'] },
  // Its rows are documented as `list` and shown as `data`.
  'websocket/public/adl-alert': {
    push: async (client) => ({
      list: Reflect.get(Object(await publicPush('adlAlert.USDT')(client)), 'data'),
    }),
  },
  // Documented as an object, shown and sent as a list; with the price limits it is the other way round.
  'websocket/public/insurance-pool': { push: publicPush('insurance.USDT'), mistyped: ['data'] },
  'websocket/public/order-price-limit': { push: publicPush(`priceLimit.${symbol}`), mistyped: ['data'] },
  'websocket/public/kline': { push: publicPush(`kline.5.${symbol}`) },
  'websocket/public/orderbook': { push: publicPush(`orderbook.50.${symbol}`) },
  // Documented as a list, shown and sent as one object; the rest is of contracts with a delivery date.
  'websocket/public/ticker': {
    push: publicPush(`tickers.${symbol}`),
    mistyped: ['data'],
    spared: ['deliveryTime', 'basisRate', 'deliveryFeeRate', 'predictedDeliveryPrice', 'basisRateYear'].map(
      (field) => `data.${field}`,
    ),
  },
  'websocket/public/all-liquidation': { push: liquidationPush, mistyped: ['data'] },
  // Lists stand in answers to batches and pings; the trace id is spelled as in the documents' examples.
  'websocket/trade/guideline': {
    push: tradeAnswer,
    mistyped: ['data'],
    spared: ['data.code', 'data.msg', 'header.TraceId'],
  },
  // Of options.
  'websocket/public/trade': {
    push: publicPush(`publicTrade.${symbol}`),
    spared: ['id', 'data.mP', 'data.iP', 'data.mIv', 'data.iv'],
  },
};

/** A venue at 100 with a long position, its stops, a resting order, a closed part and a paid funding. */
export async function tradedVenue(): Promise<VenueClient> {
  const client = venueClient({
    instruments: [instrument(symbol, { notionalMin: decimal(1) })],
    prepare: (prepared) => {
      prepared.setPrice(btcId, 100, { top: 1000 });
      prepared.setFunding(btcId, 0.0001, 1_700_000_000_500);
    },
  });
  await client.post('/v5/order/create', { ...market, qty: '3', stopLoss: '80' });
  await client.post('/v5/order/create', { ...market, side: 'Sell', qty: '1', reduceOnly: true });
  await client.post('/v5/order/create', { ...limit, orderLinkId: 'page-1', takeProfit: '110' });
  await client.time.advance(450);
  client.market.setFunding(btcId, 0.0001, client.time.nowMs() + 28_800_000);
  await client.time.advance(1000);
  return client;
}

function privatePush(topic: string): PushedPage['push'] {
  return async (client) => {
    const { messages } = await client.privateChannel([topic]);
    await client.post('/v5/order/create', market);
    return messages.find((message) => message['topic'] === topic);
  };
}

function publicPush(topic: string): PushedPage['push'] {
  return async (client) => {
    const { channel, messages } = await client.channel('/v5/public/linear');
    channel.send(JSON.stringify({ op: 'subscribe', args: [topic] }));
    await client.time.advance(200);
    await client.move(btcId, 101);
    await client.time.advance(1000);
    return messages.find((message) => message['topic'] === topic);
  };
}

function isolated(path: string, body: object): ServedPage['ask'] {
  return async (client) => {
    await client.post('/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' });
    return client.post(path, body);
  };
}

/** The stop is taken off and the contract falls to a third of its price. */
async function liquidationPush(client: VenueClient): Promise<unknown> {
  const topic = `allLiquidation.${symbol}`;
  const { channel, messages } = await client.channel('/v5/public/linear');
  channel.send(JSON.stringify({ op: 'subscribe', args: [topic] }));
  await client.post('/v5/order/create', { ...market, qty: '500' });
  await client.post('/v5/position/trading-stop', { category, symbol, stopLoss: '0' });
  await client.move(btcId, 30);
  await client.time.advance(1000);
  return messages.find((message) => message['topic'] === topic);
}

async function tradeAnswer(client: VenueClient): Promise<unknown> {
  const { channel, messages } = await client.channel('/v5/trade');
  const expires = client.time.nowMs() + 1000;
  const signature = createHmac('sha256', API_SECRET).update(`GET/realtime${expires}`).digest('hex');
  channel.send(JSON.stringify({ op: 'auth', args: [API_KEY, expires, signature] }));
  const header = { 'X-BAPI-TIMESTAMP': String(client.time.nowMs()) };
  channel.send(JSON.stringify({ reqId: 'page', header, op: 'order.create', args: [limit] }));
  await client.time.advance(5);
  return messages.find((message) => message['op'] === 'order.create');
}
