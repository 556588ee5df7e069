import { expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { CandleQuery, ServedCandle } from '../exchange/exchange.ts';
import { readLongHistory } from './long-history.ts';

const MINUTE = 60_000;
const BTC = instrument();

/** An exchange that has the candles from `firstMs` on but for those of `missing`; the one at `openMs` is not closed. */
async function read(untilMs: number, has: { firstMs: number; missing?: number; openMs?: number }) {
  const asked: CandleQuery[] = [];
  const exchange = fakeExchange({
    readCandles: async (query) => {
      asked.push(query);
      const candles: ServedCandle[] = [];
      for (let at = Math.max(query.startMs, has.firstMs); at <= query.endMs; at += MINUTE) {
        const price = at / MINUTE;
        const prices = { open: price, high: price + 1, low: price, close: price + 0.5, volume: 1 };
        if (at !== has.missing) candles.push({ openTimeMs: at, closed: at !== has.openMs, ...prices });
      }
      return known(candles, 7, 'test');
    },
  });
  const reading = await readLongHistory(exchange, { instrument: BTC, timeframe: '1m', untilMs });
  return { history: reading.kind === 'known' ? reading.value : null, asked };
}

it('reads five pages back and joins them oldest first', async () => {
  const { history, asked } = await read(9_999 * MINUTE, { firstMs: MINUTE });
  expect([history?.count, history?.firstOpenMs]).toEqual([5_000, 5_000 * MINUTE]);
  expect([history?.open[0], history?.close[4_999]]).toEqual([5_000, 9_999.5]);
  expect(asked.map(({ startMs, endMs }) => [startMs / MINUTE, endMs / MINUTE])).toEqual([
    [9_000, 9_999],
    [8_000, 8_999],
    [7_000, 7_999],
    [6_000, 6_999],
    [5_000, 5_999],
  ]);
});

it('ends where the instrument begins, and asks no further', async () => {
  const { history, asked } = await read(9_999 * MINUTE, { firstMs: 8_500 * MINUTE });
  expect([history?.count, history?.firstOpenMs, asked.length]).toEqual([1_500, 8_500 * MINUTE, 2]);
});

it('ends after a candle that is missing', async () => {
  const { history } = await read(9_999 * MINUTE, { firstMs: MINUTE, missing: 8_300 * MINUTE });
  expect([history?.count, history?.firstOpenMs]).toEqual([1_699, 8_301 * MINUTE]);
});

it('leaves out the candle that is still open', async () => {
  const { history } = await read(9_999 * MINUTE, { firstMs: 9_990 * MINUTE, openMs: 9_999 * MINUTE });
  expect([history?.count, history?.close.at(-1)]).toEqual([9, 9_998.5]);
});

it('of an instrument without a candle is empty', async () => {
  expect((await read(9_999 * MINUTE, { firstMs: 10_001 * MINUTE })).history?.count).toBe(0);
});

it('is unknown when one of its pages is', async () => {
  let pages = 0;
  const exchange = fakeExchange({
    readCandles: async ({ startMs, endMs }) => {
      pages += 1;
      if (pages === 2) return unknown('no-answer', 'lost');
      const candles: ServedCandle[] = [];
      for (let at = startMs; at <= endMs; at += MINUTE) {
        candles.push({ openTimeMs: at, closed: true, open: 1, high: 1, low: 1, close: 1, volume: 1 });
      }
      return known(candles, 7, 'test');
    },
  });
  const query = { instrument: BTC, timeframe: '1m', untilMs: 9_999 * MINUTE } as const;
  expect((await readLongHistory(exchange, query)).kind).toBe('unknown');
});
