import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type { Exchange, MarketStream, ServedCandle, StreamState, Ticker } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { CandleFeed, type LoadProgress } from './candle-feed.ts';
import type { FeedSink } from './feed-sink.ts';
import { PriceBoard } from './price-board.ts';
import { readUniverse, type Universe } from './universe.ts';

/** How the market side is doing, for status and readiness. */
export interface MarketHealth {
  readonly instruments: number;
  readonly progress: LoadProgress;
  readonly streamUp: boolean;
  readonly lastMessageMs: number | null;
  readonly repairs: number;
}

/**
 * The market as it is now: which instruments trade, their candles, their prices. One timeframe is scanned
 * at a time. Tickers are streamed only for instruments that matter (positions and candidates).
 */
export class MarketWatch {
  readonly board = new PriceBoard();
  private readonly exchange: Exchange;
  private readonly sink: FeedSink;
  private readonly time: Time;
  private feed: CandleFeed;
  private timeframe: Timeframe;
  private stream: MarketStream | null = null;
  private readonly instruments = new Map<InstrumentId, Instrument>();
  private followed = '';
  private streamUp = false;
  private lastMessageMs: number | null = null;

  constructor(options: { exchange: Exchange; sink: FeedSink; time: Time; timeframe: Timeframe }) {
    this.exchange = options.exchange;
    this.sink = options.sink;
    this.time = options.time;
    this.timeframe = options.timeframe;
    this.feed = this.newFeed();
  }

  /** Opens the stream, reads the universe and starts to load it. False when the universe could not be read. */
  async start(): Promise<boolean> {
    this.stream = this.exchange.streamMarket({
      onCandle: (instrumentId, timeframe, candle) => this.onCandle(instrumentId, timeframe, candle),
      onTicker: (ticker) => this.onTicker(ticker),
      onState: (state) => this.onState(state),
    });
    return this.refreshUniverse();
  }

  /** Reads instruments and tickers again: new listings are followed, changes and disappearances are told. */
  async refreshUniverse(): Promise<boolean> {
    const reading = await readUniverse(this.exchange);
    if (reading.kind === 'unknown') return false;
    this.takeUniverse(reading.value);
    return true;
  }

  /** Which instruments need every price tick. Called whenever positions or candidates change. */
  followPrices(instrumentIds: readonly InstrumentId[]): void {
    const wanted: Instrument[] = [];
    for (const id of instrumentIds) {
      const instrument = this.instruments.get(id);
      if (instrument !== undefined) wanted.push(instrument);
    }
    // What is followed counts, not what was asked for: at start positions are known before instruments are.
    const key = wanted
      .map(({ id }) => id)
      .sort()
      .join(' ');
    if (key === this.followed || this.stream === null) return;
    this.followed = key;
    this.stream.followTickers(wanted);
  }

  /** Scans another timeframe from now on: its history is loaded afresh. */
  changeTimeframe(timeframe: Timeframe): void {
    if (timeframe === this.timeframe) return;
    this.feed.stop();
    this.timeframe = timeframe;
    this.feed = this.newFeed();
    this.followCandles([...this.instruments.values()]);
  }

  /** Call every second: repairs candles that are late. */
  repairOverdue(): void {
    this.feed.repairOverdue();
  }

  health(): MarketHealth {
    return {
      instruments: this.instruments.size,
      progress: this.feed.progress(),
      streamUp: this.streamUp,
      lastMessageMs: this.lastMessageMs,
      repairs: this.feed.repairCount(),
    };
  }

  instrument(instrumentId: InstrumentId): Instrument | null {
    return this.instruments.get(instrumentId) ?? null;
  }

  stop(): void {
    this.feed.stop();
    this.stream?.close();
  }

  private newFeed(): CandleFeed {
    return new CandleFeed({
      exchange: this.exchange,
      sink: this.sink,
      time: this.time,
      timeframe: this.timeframe,
    });
  }

  private takeUniverse(universe: Universe): void {
    const seen = new Set<InstrumentId>();
    for (const instrument of universe.instruments) {
      seen.add(instrument.id);
      const before = this.instruments.get(instrument.id);
      this.instruments.set(instrument.id, instrument);
      if (before === undefined || !sameRules(before, instrument)) this.sink.instrument(instrument);
    }
    this.noteGone(seen);
    for (const ticker of universe.tickers) if (seen.has(ticker.instrumentId)) this.takePrice(ticker);
    this.followCandles(universe.instruments);
  }

  /** What is no longer listed can no longer be entered; its position, if any, keeps its rules. */
  private noteGone(seen: ReadonlySet<InstrumentId>): void {
    for (const [id, instrument] of this.instruments) {
      if (seen.has(id) || instrument.status === 'closed') continue;
      const closed: Instrument = { ...instrument, status: 'closed' };
      this.instruments.set(id, closed);
      this.sink.instrument(closed);
    }
  }

  private followCandles(instruments: readonly Instrument[]): void {
    this.stream?.followCandles(instruments, this.timeframe);
    this.feed.follow(instruments.filter((instrument) => instrument.status === 'trading'));
  }

  private onCandle(instrumentId: InstrumentId, timeframe: Timeframe, candle: ServedCandle): void {
    this.lastMessageMs = this.time.nowMs();
    if (timeframe !== this.timeframe) return;
    this.board.takeClose(instrumentId, candle.close);
    this.feed.onCandle(instrumentId, candle);
  }

  private onTicker(ticker: Ticker): void {
    this.lastMessageMs = this.time.nowMs();
    this.takePrice(ticker);
  }

  private takePrice(ticker: Ticker): void {
    this.board.takeTicker(ticker);
    this.sink.price(ticker);
  }

  private onState(state: StreamState): void {
    if (state.kind === 'silent') {
      this.feed.repairOverdue();
      return;
    }
    const wasUp = this.streamUp;
    this.streamUp = state.kind === 'up';
    if (state.kind === 'down' && wasUp) this.sink.feedLost(null, state.detail);
    if (state.kind === 'up' && !wasUp) {
      this.sink.feedRestored(null);
      this.feed.repairMissed();
    }
  }
}

function sameRules(a: Instrument, b: Instrument): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
