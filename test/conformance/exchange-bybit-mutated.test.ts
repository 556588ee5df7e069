import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/core/domain/reading.ts';
import type { BybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import { approvedEntry, orderId, sendable } from '../fixture/approved-order.ts';
import { instrument } from '../fixture/fake-exchange.ts';
import {
  bench,
  envelope,
  executionRow,
  instrumentRow,
  orderRow,
  positionRow,
  START_MS,
} from './exchange-bybit-answers.ts';
import { answered } from './exchange-scripted-transport.ts';

/** What a changed interface, a broken proxy or a hostile one puts where a value was. None of these reads as a true zero. */
const WRONG = [null, {}, 7, true, '', 'NaN', 'Infinity', '-1', 'abc', '1e400'] as const;
const BTC = instrument();

interface Read {
  readonly path: string;
  readonly result: unknown;
  /** A candle that contradicts itself is left out; any other row that cannot be read spoils the list. */
  readonly shortestLength: number;
  readonly read: (exchange: BybitExchange) => Promise<Reading<unknown>>;
}

const list = (...rows: readonly unknown[]) => ({ category: 'linear', list: rows, nextPageCursor: '' });
const candle = (hours: number) => [
  String(START_MS - (START_MS % 3_600_000) - hours * 3_600_000),
  '10',
  '12',
  '9',
  '11',
  '5',
  '55',
];

const READS: readonly Read[] = [
  {
    path: '/v5/position/list',
    shortestLength: 2,
    result: list(positionRow(), positionRow({ symbol: 'ETHUSDT', side: 'Sell', positionIdx: 2 })),
    read: (exchange) => exchange.readPositions('protect'),
  },
  {
    path: '/v5/order/realtime',
    shortestLength: 2,
    result: list(orderRow(), orderRow({ orderId: 'o-2', orderLinkId: '', orderStatus: 'Untriggered' })),
    read: (exchange) => exchange.readOpenOrders('protect'),
  },
  {
    path: '/v5/execution/list',
    shortestLength: 2,
    result: list(executionRow(), executionRow({ execId: 'e-2' })),
    read: (exchange) => exchange.readFills(START_MS - 86_400_000, START_MS),
  },
  {
    path: '/v5/market/instruments-info',
    shortestLength: 1,
    result: list(instrumentRow()),
    read: (exchange) => exchange.readInstruments(),
  },
  {
    path: '/v5/market/kline',
    shortestLength: 1,
    result: { category: 'linear', symbol: 'BTCUSDT', list: [candle(1), candle(2)] },
    read: (exchange) =>
      exchange.readCandles({
        instrument: BTC,
        timeframe: '1h',
        startMs: START_MS - 86_400_000,
        endMs: START_MS,
      }),
  },
];

/** Every place in a JSON value, as keys from the root. */
function placesOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];
}

/** The value with one place changed, or taken away when `change` is undefined. Rows are never taken away: that is a shorter list. */
function changed(value: unknown, place: readonly string[], change: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return change === undefined ? null : change;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === key ? changed(item, rest, change) : item));
  const entries = Object.entries(value as object).flatMap(([name, inner]) => {
    if (name !== key) return [[name, inner]];
    return rest.length === 0 && change === undefined ? [] : [[name, changed(inner, rest, change)]];
  });
  return Object.fromEntries(entries);
}

function mutations(result: unknown): fc.Arbitrary<string> {
  const whole = envelope(result);
  const text = JSON.stringify(whole);
  const places = placesOf(whole);
  const byPlace = fc
    .tuple(fc.constantFrom(...places), fc.constantFrom(undefined, ...WRONG))
    .map(([place, change]) => JSON.stringify(changed(whole, place, change)));
  const cut = fc.integer({ min: 0, max: text.length - 1 }).map((length) => text.slice(0, length));
  return fc.oneof({ weight: 5, arbitrary: byPlace }, { weight: 1, arbitrary: cut });
}

async function readingOf({ path, read }: Read, body: string): Promise<Reading<unknown>> {
  const { exchange, run } = bench({ [path]: () => answered(body) });
  return run(read(exchange));
}

function lengthOf(reading: Reading<unknown>): number {
  return reading.kind === 'known' && Array.isArray(reading.value) ? reading.value.length : 0;
}

describe('an answer that was changed on the way', () => {
  it.each(READS.map((one) => [one.path, one] as const))(
    '%s never becomes a shorter list',
    async (_path, one) => {
      const before = await readingOf(one, JSON.stringify(envelope(one.result)));
      const length = before.kind === 'known' && Array.isArray(before.value) ? before.value.length : 0;
      expect(length).toBeGreaterThan(0);
      let unknowns = 0;
      const runs = 1500;
      await fc.assert(
        fc.asyncProperty(mutations(one.result), async (body) => {
          const reading = await readingOf(one, body);
          if (reading.kind === 'unknown') unknowns += 1;
          else expect(lengthOf(reading)).toBeGreaterThanOrEqual(one.shortestLength);
        }),
        { numRuns: runs },
      );
      expect(unknowns, 'most changes of what we read are noticed').toBeGreaterThan(runs / 3);
    },
  );

  it('never becomes an order that does not exist', async () => {
    const result = list(orderRow());
    await fc.assert(
      fc.asyncProperty(mutations(result), async (body) => {
        const { exchange, run } = bench({
          '/v5/order/realtime': () => answered(body),
          '/v5/order/history': () => answered(body),
        });
        const reading = await run(exchange.findOrder(BTC, orderId('ib1')));
        if (reading.kind === 'known') expect(reading.value).not.toBeNull();
      }),
      { numRuns: 600 },
    );
  });

  it('never becomes an accepted order without its id', async () => {
    await fc.assert(
      fc.asyncProperty(mutations({ orderId: 'o-1', orderLinkId: 'ib1' }), async (body) => {
        const { exchange, run, transport } = bench({ '/v5/order/create': () => answered(body) });
        const outcome = await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC));
        expect(outcome.kind === 'accepted' ? outcome.exchangeOrderId : 'none').toMatch(/./);
        expect(['accepted', 'unknown']).toContain(outcome.kind);
        expect(transport.of('/v5/order/create')).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
