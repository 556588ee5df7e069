import { beforeEach, describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import type { Candle } from '../core/domain/candle.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { CandleQuery, ServedCandle } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { CandleFeed } from './candle-feed.ts';
import type { FeedSink } from './feed-sink.ts';

const MINUTE = 60_000;
const START = 1_000 * MINUTE + 1_000;
const BTC = instrument({ name: 'BTCUSDT' });

function served(openTimeMs: number, closed = true): ServedCandle {
  return { openTimeMs, open: 10, high: 12, low: 9, close: 11, volume: 5, closed };
}

/** What an exchange serves that has every candle: the open one included. */
function range(query: CandleQuery, nowMs: number): readonly ServedCandle[] {
  const candles: ServedCandle[] = [];
  for (let open = query.startMs; open <= query.endMs; open += MINUTE)
    candles.push(served(open, open + MINUTE <= nowMs));
  return candles;
}

let told: string[];
let time: VirtualTime;

function sink(): FeedSink {
  return {
    instrument: () => undefined,
    candleHistory: (id, _timeframe, candles: readonly Candle[]) =>
      told.push(`history ${id} ${candles.length} to ${candles.at(-1)?.openTimeMs}`),
    candleClosed: (id, _timeframe, candle) => told.push(`closed ${id} ${candle.openTimeMs}`),
    price: () => undefined,
    feedLost: (id) => told.push(`lost ${id}`),
    feedRestored: (id) => told.push(`restored ${id}`),
  };
}

function feedOn(readCandles: ReturnType<typeof fakeExchange>['readCandles']): CandleFeed {
  return new CandleFeed({ exchange: fakeExchange({ readCandles }), sink: sink(), time, timeframe: '1m' });
}

beforeEach(() => {
  told = [];
  time = new VirtualTime(START);
});

describe('CandleFeed', () => {
  it('publishes 300 closed candles and leaves the open one out', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([BTC]);
    await time.advance(0);
    expect(told).toEqual([`history BTCUSDT 300 to ${999 * MINUTE}`]);
    expect(feed.progress()).toEqual({ ready: 1, failed: 0, total: 1 });
  });

  it('passes streamed closed candles on in order and once', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([BTC]);
    await time.advance(0);
    feed.onCandle(BTC.id, served(1_000 * MINUTE, false));
    feed.onCandle(BTC.id, served(1_000 * MINUTE));
    feed.onCandle(BTC.id, served(1_000 * MINUTE));
    expect(told.slice(1)).toEqual([`closed BTCUSDT ${1_000 * MINUTE}`]);
  });

  it('repairs a gap by reading the history again before the instrument goes on', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([BTC]);
    await time.advance(2 * MINUTE);
    told = [];
    feed.onCandle(BTC.id, served(1_001 * MINUTE));
    await time.advance(0);
    expect(told).toEqual(['lost BTCUSDT', `history BTCUSDT 300 to ${1_001 * MINUTE}`, 'restored BTCUSDT']);
  });

  it('reads a candle by REST that the stream never brought', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([BTC]);
    await time.advance(MINUTE + 4_000);
    told = [];
    feed.repairOverdue();
    expect(told).toEqual(['lost BTCUSDT']);
    await time.advance(0);
    expect(told[1]).toBe(`history BTCUSDT 300 to ${1_000 * MINUTE}`);
  });

  it('publishes nothing from an unknown reading and tries again', async () => {
    let reads = 0;
    const feed = feedOn(async (query) => {
      reads += 1;
      return reads === 1 ? unknown('bad-answer', 'html') : known(range(query, time.nowMs()), 0, 'test');
    });
    feed.follow([BTC]);
    await time.advance(0);
    expect(told).toEqual([]);
    expect(feed.progress().failed).toBe(1);
    await time.advance(2_000);
    expect(told).toEqual([`history BTCUSDT 300 to ${999 * MINUTE}`]);
    expect(feed.progress().failed).toBe(0);
  });

  it('does not publish a history with a hole in it', async () => {
    const feed = feedOn(async (query) =>
      known(
        range(query, time.nowMs()).filter((candle) => candle.openTimeMs !== 900 * MINUTE),
        0,
        'test',
      ),
    );
    feed.follow([BTC]);
    await time.advance(10_000);
    expect(told).toEqual([]);
  });
});
