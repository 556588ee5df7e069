import { beforeEach, describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import type { Candle } from '../core/domain/candle.ts';
import { known, unknown } from '../core/domain/reading.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import type { CandleQuery, ServedCandle } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { CandleFeed } from './candle-feed.ts';
import type { FeedSink } from './feed-sink.ts';

const MINUTE = 60_000;
const START = 1_000 * MINUTE + 1_000;
const BTC = instrument({ name: 'BTCUSDT' });
const MINUTES = { instrument: BTC, timeframe: '1m' } as const;
const FIVES = { instrument: BTC, timeframe: '5m' } as const;

function served(openTimeMs: number, closed = true): ServedCandle {
  return { openTimeMs, open: 10, high: 12, low: 9, close: 11, volume: 5, closed };
}

/** What an exchange serves that has every candle: the open one included. */
function range(query: CandleQuery, nowMs: number): readonly ServedCandle[] {
  const candles: ServedCandle[] = [];
  const lengthMs = timeframeMs(query.timeframe);
  for (let open = query.startMs; open <= query.endMs; open += lengthMs)
    candles.push(served(open, open + lengthMs <= nowMs));
  return candles;
}

let told: string[];
let time: VirtualTime;

function sink(): FeedSink {
  return {
    instrument: () => undefined,
    candleHistory: (id, timeframe, candles: readonly Candle[]) =>
      told.push(`history ${id} ${timeframe} ${candles.length} to ${candles.at(-1)?.openTimeMs}`),
    candleClosed: (id, timeframe, candle) => told.push(`closed ${id} ${timeframe} ${candle.openTimeMs}`),
    price: () => undefined,
    feedLost: (id, timeframe) => told.push(`lost ${id} ${timeframe}`),
    feedRestored: (id, timeframe) => told.push(`restored ${id} ${timeframe}`),
  };
}

function feedOn(readCandles: ReturnType<typeof fakeExchange>['readCandles']): CandleFeed {
  return new CandleFeed({ exchange: fakeExchange({ readCandles }), sink: sink(), time });
}

beforeEach(() => {
  told = [];
  time = new VirtualTime(START);
});

describe('CandleFeed', () => {
  it('publishes 300 closed candles and leaves the open one out', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([MINUTES]);
    await time.advance(0);
    expect(told).toEqual([`history BTCUSDT 1m 300 to ${999 * MINUTE}`]);
    expect(feed.progress('1m')).toEqual({ ready: 1, failed: 0, total: 1 });
  });

  it('passes streamed closed candles on in order and once', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([MINUTES]);
    await time.advance(0);
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE, false));
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE));
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE));
    expect(told.slice(1)).toEqual([`closed BTCUSDT 1m ${1_000 * MINUTE}`]);
  });

  it('waits for the first candle of an instrument that was listed within the open one', async () => {
    const young = { ...BTC, launchTimeMs: 1_000 * MINUTE };
    let reads = 0;
    const feed = feedOn(async () => {
      reads += 1;
      return known([served(1_000 * MINUTE, false)], 0, 'test');
    });
    feed.follow([{ ...MINUTES, instrument: young }]);
    await time.advance(0);
    expect(feed.progress('1m')).toEqual({ ready: 1, failed: 0, total: 1 });
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE));
    expect(told).toEqual(['history BTCUSDT 1m 0 to undefined', `closed BTCUSDT 1m ${1_000 * MINUTE}`]);
    expect(reads).toBe(1);
  });

  it('tries again when an instrument of old has no closed candle', async () => {
    const feed = feedOn(async () => known([], 0, 'test'));
    feed.follow([{ ...MINUTES, instrument: { ...BTC, launchTimeMs: 999 * MINUTE } }]);
    await time.advance(0);
    expect(feed.progress('1m')).toEqual({ ready: 0, failed: 1, total: 1 });
    expect(told).toEqual(['lost BTCUSDT 1m']);
  });

  it('repairs a gap by reading the history again before the instrument goes on', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([MINUTES]);
    await time.advance(2 * MINUTE);
    told = [];
    feed.onCandle(BTC.id, '1m', served(1_001 * MINUTE));
    await time.advance(0);
    expect(told).toEqual([
      'lost BTCUSDT 1m',
      `history BTCUSDT 1m 300 to ${1_001 * MINUTE}`,
      'restored BTCUSDT 1m',
    ]);
  });

  it('reads a candle by REST that the stream never brought', async () => {
    const feed = feedOn(async (query) => known(range(query, time.nowMs()), 0, 'test'));
    feed.follow([MINUTES]);
    await time.advance(MINUTE + 4_000);
    told = [];
    feed.repairOverdue();
    expect(told).toEqual(['lost BTCUSDT 1m']);
    await time.advance(0);
    expect(told[1]).toBe(`history BTCUSDT 1m 300 to ${1_000 * MINUTE}`);
  });

  it('publishes nothing from an unknown reading, tells that the series is lost, and tries again', async () => {
    let reads = 0;
    const feed = feedOn(async (query) => {
      reads += 1;
      return reads === 1 ? unknown('bad-answer', 'html') : known(range(query, time.nowMs()), 0, 'test');
    });
    feed.follow([MINUTES]);
    await time.advance(0);
    expect(told).toEqual(['lost BTCUSDT 1m']);
    expect(feed.progress('1m').failed).toBe(1);
    await time.advance(2_000);
    expect(told.slice(1)).toEqual([`history BTCUSDT 1m 300 to ${999 * MINUTE}`, 'restored BTCUSDT 1m']);
    expect(feed.progress('1m').failed).toBe(0);
  });

  it('does not publish a history with a hole in it', async () => {
    const feed = feedOn(async (query) =>
      known(
        range(query, time.nowMs()).filter((candle) => candle.openTimeMs !== 900 * MINUTE),
        0,
        'test',
      ),
    );
    feed.follow([MINUTES]);
    await time.advance(10_000);
    expect(told).toEqual(['lost BTCUSDT 1m']);
  });
});

describe('CandleFeed with two series of one instrument', () => {
  let reads: string[];

  function countingFeed(): CandleFeed {
    reads = [];
    return feedOn(async (query) => {
      reads.push(query.timeframe);
      return known(range(query, time.nowMs()), 0, 'test');
    });
  }

  it('streams each with its own history and its own order', async () => {
    const feed = countingFeed();
    feed.follow([MINUTES, FIVES]);
    await time.advance(0);
    expect(told).toEqual([
      `history BTCUSDT 1m 300 to ${999 * MINUTE}`,
      `history BTCUSDT 5m 300 to ${995 * MINUTE}`,
    ]);
    told = [];
    feed.onCandle(BTC.id, '5m', served(1_000 * MINUTE));
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE));
    expect(told).toEqual([`closed BTCUSDT 5m ${1_000 * MINUTE}`, `closed BTCUSDT 1m ${1_000 * MINUTE}`]);
    expect(feed.progress('5m')).toEqual({ ready: 1, failed: 0, total: 1 });
  });

  it('repairs the one that has a gap and leaves the other alone', async () => {
    const feed = countingFeed();
    feed.follow([MINUTES, FIVES]);
    await time.advance(2 * MINUTE);
    told = [];
    feed.onCandle(BTC.id, '1m', served(1_001 * MINUTE));
    feed.onCandle(BTC.id, '5m', served(1_000 * MINUTE));
    await time.advance(0);
    expect(told).toEqual([
      'lost BTCUSDT 1m',
      `closed BTCUSDT 5m ${1_000 * MINUTE}`,
      `history BTCUSDT 1m 300 to ${1_001 * MINUTE}`,
      'restored BTCUSDT 1m',
    ]);
    expect(reads).toEqual(['1m', '5m', '1m']);
  });

  it('goes on undisturbed with what stays wanted and lets the rest go', async () => {
    const feed = countingFeed();
    feed.follow([MINUTES]);
    await time.advance(0);
    feed.follow([FIVES, MINUTES]);
    await time.advance(0);
    expect(reads).toEqual(['1m', '5m']);
    feed.onCandle(BTC.id, '1m', served(1_000 * MINUTE));
    expect(told.at(-1)).toBe(`closed BTCUSDT 1m ${1_000 * MINUTE}`);

    feed.follow([FIVES]);
    told = [];
    feed.onCandle(BTC.id, '1m', served(1_001 * MINUTE));
    await time.advance(4 * MINUTE);
    feed.repairOverdue();
    expect(told).toEqual([]);
    expect(feed.progress('1m').total).toBe(0);
  });

  it('takes no history that was asked for before the series was let go and followed again', async () => {
    const answers: (() => void)[] = [];
    const feed = feedOn(async (query) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return known(range(query, time.nowMs()), 0, 'test');
    });
    feed.follow([MINUTES]);
    await time.advance(0);
    feed.follow([]);
    feed.follow([MINUTES]);
    await time.advance(0);
    answers[0]?.();
    await time.advance(0);
    expect(told).toEqual([]);
    answers[1]?.();
    await time.advance(0);
    expect(told).toEqual([`history BTCUSDT 1m 300 to ${999 * MINUTE}`]);
  });
});
