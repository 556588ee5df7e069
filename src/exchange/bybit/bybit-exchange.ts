import type { Rng } from '../../core/base/rng.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { Direction } from '../../core/domain/order.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import type { Time } from '../../platform/time.ts';
import { Counters } from '../counters.ts';
import type { Exchange, RequestClass, StatedPosition } from '../exchange.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import { RateBudget, type RateLimits } from '../rate-budget.ts';
import { shutOutTransport } from '../shut-out-transport.ts';
import type { Transport } from '../transport.ts';
import type { UseMark } from '../use-mark.ts';
import { readBalance, readHeld, readLeverage, readMarginMode, readPositions } from './account-reads.ts';
import { openAccountStream } from './account-stream.ts';
import { readCandles } from './candle-read.ts';
import { BybitClient } from './client.ts';
import { readFills, readOrderFills } from './fill-reads.ts';
import { HaltedMarkets } from './halted-markets.ts';
import { InstrumentRegistry } from './instrument-registry.ts';
import { type ReadContext, readInstruments, readTicker, readTickers } from './market-reads.ts';
import { BybitMarketStream } from './market-stream.ts';
import { readMovements } from './movement-reads.ts';
import { findOrder, readOpenOrders, readOrdersSince } from './order-reads.ts';
import type { Credentials } from './signing.ts';
import { readStops } from './stop-reads.ts';
import {
  cancelOrder,
  type PositionIndex,
  placeOrder,
  setLeverage,
  setOneWayMode,
  setStop,
} from './writes.ts';

export interface BybitOptions {
  readonly transport: Transport;
  readonly time: Time;
  readonly rng: Rng;
  readonly credentials: Credentials;
  /** This process's part of the exchange's limits, 0-1; the parts of all services of one address sum to at most 1. */
  readonly share: number;
  /** What was sent from this address before us, and where ours is noted; left out: nobody else is thought of. */
  readonly mark?: UseMark;
  readonly log: ExchangeLog;
}

/** The adapter, with counts of what went wrong by name. */
export type BybitExchange = Exchange & { counters(): Record<string, number> };

/**
 * What Bybit permits: 600 requests in 5 seconds of one address, and per key and second what each endpoint states.
 * @see https://bybit-exchange.github.io/docs/v5/rate-limit
 */
const BYBIT_LIMITS: RateLimits = {
  windowMs: 5000,
  requestsPerWindow: 600,
  groupsPerSecond: {
    '/v5/order/create': 10,
    '/v5/order/cancel': 10,
    '/v5/position/trading-stop': 10,
    '/v5/position/set-leverage': 10,
    '/v5/position/switch-mode': 10,
    '/v5/position/list': 50,
    '/v5/order/realtime': 50,
    '/v5/order/history': 50,
    '/v5/execution/list': 50,
    '/v5/account/wallet-balance': 50,
    '/v5/account/info': 50,
    '/v5/account/transaction-log': 25,
  },
};

/** The port to Bybit's USDT perpetuals (v5, unified account). Sends nothing until asked. */
export function createBybitExchange(options: BybitOptions): BybitExchange {
  const { transport, time, rng, credentials, log } = options;
  const counters = new Counters();
  const budget = new RateBudget({
    time,
    share: options.share,
    limits: BYBIT_LIMITS,
    mark: options.mark ?? null,
  });
  const client = new BybitClient({ transport, time, rng, credentials, budget, counters, log });
  const registry = new InstrumentRegistry();
  const context: ReadContext = { client, registry, counters };
  const isShutOut = (): boolean => budget.usage().bannedUntilMs !== null;
  const stream = { transport: shutOutTransport(transport, time, isShutOut), time, rng, counters };
  const places = new PositionPlaces();
  const halted = new HaltedMarkets(time);
  const closers = new Set<() => void>([() => budget.close()]);
  return {
    name: 'bybit',
    readTime: () => client.measureClock('reconcile'),
    timeMs: () => client.serverTimeMs(),
    isTimeKnown: () => client.isClockMeasured(),
    clockErrorMs: () => client.knownErrorMs(),
    readInstruments: () => readInstruments(context),
    readTickers: () => readTickers(context),
    readTicker: (instrument) => readTicker(context, instrument),
    readCandles: (query) => readCandles(context, query),
    readBalance: (requestClass) => readBalance(context, requestClass),
    readPositions: (requestClass) => positionsOf(context, places, requestClass),
    readHeld: (instrument, requestClass) => readHeld(context, instrument, requestClass),
    readStops: (requestClass) => readStops(context, requestClass),
    readOpenOrders: (requestClass) => readOpenOrders(context, requestClass),
    readOrdersSince: (sinceMs, requestClass) => readOrdersSince(context, sinceMs, requestClass),
    findOrder: (instrument, clientOrderId) => findOrder(context, instrument, clientOrderId),
    readOrderFills: (instrument, clientOrderId) => readOrderFills(context, instrument, clientOrderId),
    readFills: (sinceMs, untilMs) => readFills(context, sinceMs, untilMs),
    readMovements: (sinceMs, untilMs) => readMovements(context, sinceMs, untilMs),
    readLeverage: (instrument) => readLeverage(context, instrument),
    readMarginMode: () => readMarginMode(context),
    placeOrder: async (sendable, instrument) => {
      const { order } = sendable;
      const bar = halted.bar(order);
      if (bar !== null) return { kind: 'not-sent', detail: bar };
      const positionIdx = order.kind === 'entry' ? 0 : places.of(order.instrumentId, order.direction);
      const outcome = await placeOrder(context, { sendable, instrument, positionIdx, time });
      halted.note(order, outcome);
      return outcome;
    },
    tradingHalt: () => halted.fault(),
    cancelOrder: (instrument, clientOrderId) => cancelOrder(context, instrument, clientOrderId),
    setStop: (request, mayLeave) => {
      const positionIdx = places.of(request.instrument.id, request.direction);
      return setStop(context, request, { positionIdx, mayLeave });
    },
    setLeverage: (instrument, leverage) => setLeverage(context, instrument, leverage),
    setOneWayMode: () => setOneWayMode(context),
    streamMarket: (handlers) => closedWith(closers, new BybitMarketStream(stream, handlers)),
    streamAccount: (handlers) =>
      closedWith(closers, openAccountStream({ ...stream, client, registry, credentials, log }, handlers)),
    rateUsage: () => budget.usage(),
    close: () => {
      for (const close of closers) close();
    },
    counters: () => counters.snapshot(),
  };
}

/**
 * On which side of the account's book each position was last seen: stops and exits of a position a person opened
 * in hedge mode must name it, or the exchange refuses to protect it.
 */
class PositionPlaces {
  private places: ReadonlyMap<string, PositionIndex> = new Map();

  replace(places: ReadonlyMap<string, PositionIndex>): void {
    this.places = places;
  }

  of(instrumentId: InstrumentId, direction: Direction): PositionIndex {
    return this.places.get(placeKey(instrumentId, direction)) ?? 0;
  }
}

function placeKey(instrumentId: InstrumentId, direction: Direction): string {
  return `${instrumentId} ${direction}`;
}

async function positionsOf(
  context: ReadContext,
  places: PositionPlaces,
  requestClass: RequestClass,
): Promise<Reading<readonly StatedPosition[]>> {
  const reading = await readPositions(context, requestClass);
  if (reading.kind === 'unknown') return reading;
  places.replace(
    new Map(
      reading.value.map(({ position, positionIdx }) => [
        placeKey(position.instrumentId, position.direction),
        positionIdx,
      ]),
    ),
  );
  return known(
    reading.value.map(({ position }) => position),
    reading.asOfMs,
    reading.source,
  );
}

function closedWith<S extends { close(): void }>(closers: Set<() => void>, stream: S): S {
  closers.add(() => stream.close());
  return stream;
}
