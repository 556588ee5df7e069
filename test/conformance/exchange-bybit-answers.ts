import { rng } from '../../src/core/base/rng.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { type BybitExchange, createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import type { HttpOutcome, HttpRequest } from '../../src/exchange/transport.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { answered, ScriptedTransport, settled } from './exchange-scripted-transport.ts';

export const START_MS = 1_800_000_000_000;

/** A whole answer around a result, dated by the exchange. */
export function envelope(result: unknown, time = START_MS): Record<string, unknown> {
  return { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time };
}

export function refusal(retCode: number, retMsg = 'refused'): HttpOutcome {
  return answered({ retCode, retMsg, result: {}, retExtInfo: {}, time: START_MS });
}

export function instrumentRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    symbol: 'BTCUSDT',
    contractType: 'LinearPerpetual',
    status: 'Trading',
    baseCoin: 'BTC',
    quoteCoin: 'USDT',
    settleCoin: 'USDT',
    launchTime: '1585526400000',
    deliveryTime: '0',
    fundingInterval: 480,
    leverageFilter: { minLeverage: '1', maxLeverage: '100.00', leverageStep: '0.01' },
    priceFilter: { tickSize: '0.10' },
    lotSizeFilter: {
      qtyStep: '0.001',
      minOrderQty: '0.001',
      maxMktOrderQty: '500.000',
      minNotionalValue: '5',
    },
    ...changes,
  };
}

export function positionRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    symbol: 'BTCUSDT',
    side: 'Buy',
    size: '0.5',
    positionIdx: 0,
    avgPrice: '100.5',
    markPrice: '101',
    leverage: '2',
    liqPrice: '',
    stopLoss: '85.00',
    takeProfit: '0.00',
    unrealisedPnl: '0.25',
    ...changes,
  };
}

export function orderRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    orderId: 'o-1',
    orderLinkId: 'ib1',
    symbol: 'BTCUSDT',
    side: 'Buy',
    orderType: 'Market',
    orderStatus: 'Filled',
    qty: '0.10',
    cumExecQty: '0.10',
    avgPrice: '100',
    price: '0',
    triggerPrice: '',
    reduceOnly: false,
    rejectReason: 'EC_NoError',
    cancelType: 'UNKNOWN',
    updatedTime: '1799999999000',
    ...changes,
  };
}

export function executionRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    execId: 'e-1',
    orderId: 'o-1',
    orderLinkId: 'ib1',
    symbol: 'BTCUSDT',
    side: 'Sell',
    execType: 'Trade',
    execPrice: '100',
    execQty: '0.1',
    execFee: '0.0055',
    execTime: '1799999999000',
    isMaker: false,
    createType: 'CreateByUser',
    stopOrderType: 'UNKNOWN',
    ...changes,
  };
}

/** Answers by path; anything else is refused as an unknown route. */
export type Routes = Readonly<Record<string, (request: HttpRequest) => HttpOutcome>>;

export interface Bench {
  readonly time: VirtualTime;
  readonly transport: ScriptedTransport;
  readonly exchange: BybitExchange;
  readonly logged: string[];
  /** Runs virtual time until the call is answered. */
  readonly run: <T>(promise: Promise<T>) => Promise<T>;
}

/** An adapter over scripted answers in virtual time. The exchange's clock equals ours unless a route says otherwise. */
export function bench(routes: Routes): Bench {
  const time = new VirtualTime(START_MS);
  const all: Routes = { '/v5/market/time': () => answered(envelope({}, time.nowMs())), ...routes };
  const transport = new ScriptedTransport((request) => all[request.path]?.(request) ?? refusal(10017));
  const logged: string[] = [];
  const exchange = createBybitExchange({
    transport,
    time,
    rng: rng(7),
    credentials: { apiKey: 'testkey', secret: 'testsecret' },
    share: 1,
    log: (message, fields) => logged.push(`${message} ${JSON.stringify(fields ?? {})}`),
  });
  return { time, transport, exchange, logged, run: (promise) => settled(time, promise) };
}

/** The value of a known reading; stops on an unknown one. */
export function knownValue<T>(reading: Reading<T>): T {
  if (reading.kind === 'unknown') throw new Error(`unknown (${reading.reason}): ${reading.detail}`);
  return reading.value;
}
