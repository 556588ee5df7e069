import { candleFault } from '../../core/domain/candle.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import type { CancelTimer } from '../../platform/time.ts';
import type { FollowedSeries, MarketHandlers, MarketStream, StreamState } from '../exchange.ts';
import { INTERVALS } from './candle-read.ts';
import type { ConnectionOptions } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type Push, pushedCandleFrom } from './push.ts';
import { TickerBook } from './ticker-book.ts';

export type StreamOptions = Pick<ConnectionOptions, 'transport' | 'time' | 'rng' | 'counters'>;

interface CandleTrack extends FollowedSeries {
  lastMs: number;
  silent: boolean;
}

const PUBLIC_PATH = '/v5/public/linear';
/** Candles are pushed at least once a minute, trades or none: twice that without one is a fault. */
const CANDLE_SILENCE_MS_MAX = 120_000;
const WATCH_MS = 10_000;

/**
 * Candles and tickers as they change. Tickers have connections of their own, so that following other ones never
 * disturbs the candles. A pong does not count as news: each candle topic is watched for itself.
 */
export class BybitMarketStream implements MarketStream {
  private readonly options: StreamOptions;
  private readonly handlers: MarketHandlers;
  private readonly candles: ConnectionPool;
  private readonly tickers: ConnectionPool;
  private readonly tracks = new Map<string, CandleTrack>();
  private readonly tickerTopics = new Map<string, Instrument>();
  private readonly book: TickerBook;
  private readonly down = new Set<'candles' | 'tickers'>();
  private cancelWatch: CancelTimer;
  private closed = false;

  constructor(options: StreamOptions, handlers: MarketHandlers) {
    this.options = options;
    this.handlers = handlers;
    this.book = new TickerBook(options.counters);
    this.candles = this.poolOf('candles', (push) => this.candlePushed(push));
    this.tickers = this.poolOf('tickers', (push) => this.tickerPushed(push));
    this.cancelWatch = options.time.after(WATCH_MS, () => this.watch());
  }

  followCandles(series: readonly FollowedSeries[]): void {
    if (this.closed) return;
    const lastMs = this.options.time.monotonicMs();
    const wanted = new Set<string>();
    for (const { instrument, timeframe } of series) {
      const topic = `kline.${INTERVALS[timeframe]}.${instrument.exchangeSymbol}`;
      wanted.add(topic);
      if (!this.tracks.has(topic)) this.tracks.set(topic, { instrument, timeframe, lastMs, silent: false });
    }
    const unwanted = [...this.tracks.keys()].filter((topic) => !wanted.has(topic));
    for (const topic of unwanted) this.tracks.delete(topic);
    this.candles.remove(unwanted);
    this.candles.add([...wanted]);
  }

  followTickers(instruments: readonly Instrument[]): void {
    if (this.closed) return;
    const wanted = new Map<string, Instrument>();
    for (const instrument of instruments) wanted.set(`tickers.${instrument.exchangeSymbol}`, instrument);
    this.tickers.remove([...this.tickerTopics.keys()].filter((topic) => !wanted.has(topic)));
    this.tickerTopics.clear();
    for (const [topic, instrument] of wanted) this.tickerTopics.set(topic, instrument);
    this.tickers.add([...wanted.keys()]);
  }

  close(): void {
    this.closed = true;
    this.cancelWatch();
    this.candles.close();
    this.tickers.close();
  }

  private poolOf(name: 'candles' | 'tickers', onPush: (push: Push) => void): ConnectionPool {
    return new ConnectionPool({
      ...this.options,
      path: PUBLIC_PATH,
      login: null,
      handlers: {
        onPush,
        onTopicRefused: (topic) => this.topicRefused(topic),
        onState: (state) => this.poolState(name, state),
      },
    });
  }

  /** Down as soon as one pool is; up again when none is. Tickers that come up for the first time are no news. */
  private poolState(name: 'candles' | 'tickers', state: Exclude<StreamState, { kind: 'silent' }>): void {
    if (state.kind === 'down') {
      if (name === 'tickers') this.book.clear();
      this.down.add(name);
      if (this.down.size === 1) this.handlers.onState(state);
      return;
    }
    const wasDown = this.down.delete(name);
    if (this.down.size === 0 && (wasDown || name === 'candles')) this.handlers.onState(state);
  }

  private topicRefused(topic: string): void {
    const instrument = this.tracks.get(topic)?.instrument ?? this.tickerTopics.get(topic);
    const track = this.tracks.get(topic);
    if (track !== undefined) track.silent = true;
    if (instrument !== undefined) this.handlers.onState({ kind: 'silent', instrumentId: instrument.id });
  }

  private candlePushed({ topic, data }: Push): void {
    const track = this.tracks.get(topic);
    if (track !== undefined && Array.isArray(data)) for (const row of data) this.candleRow(track, row);
    else this.options.counters.add('push-unreadable kline');
  }

  private candleRow(track: CandleTrack, row: unknown): void {
    const candle = pushedCandleFrom(row);
    const sound = candle !== null && candleFault(candle) === null;
    if (!sound || candle.openTimeMs % timeframeMs(track.timeframe) !== 0) {
      this.options.counters.add('push-unreadable kline');
      return;
    }
    track.lastMs = this.options.time.monotonicMs();
    track.silent = false;
    this.handlers.onCandle(track.instrument.id, track.timeframe, candle);
  }

  private tickerPushed(push: Push): void {
    const instrument = this.tickerTopics.get(push.topic);
    if (instrument === undefined) return;
    const ticker = this.book.apply(push, instrument);
    if (ticker !== null) this.handlers.onTicker(ticker);
  }

  /** Reports topics without news; a connection on which every topic went silent is given up. */
  private watch(): void {
    this.cancelWatch = this.options.time.after(WATCH_MS, () => this.watch());
    const nowMs = this.options.time.monotonicMs();
    for (const { connection, topics } of this.candles.entries()) {
      const { readyMs } = connection;
      if (readyMs === null) continue;
      let silent = 0;
      for (const topic of topics) if (this.overdue(topic, readyMs, nowMs)) silent += 1;
      if (silent > 0 && silent === topics.size && nowMs - readyMs > CANDLE_SILENCE_MS_MAX) {
        connection.drop(`no candle within ${CANDLE_SILENCE_MS_MAX} ms`);
      }
    }
  }

  private overdue(topic: string, readyMs: number, nowMs: number): boolean {
    const track = this.tracks.get(topic);
    if (track === undefined || nowMs - Math.max(track.lastMs, readyMs) <= CANDLE_SILENCE_MS_MAX) return false;
    if (!track.silent) {
      track.silent = true;
      this.options.counters.add('candles-silent');
      this.handlers.onState({ kind: 'silent', instrumentId: track.instrument.id });
    }
    return true;
  }
}
