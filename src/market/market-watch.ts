import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { type Reading, unknown } from '../core/domain/reading.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type {
  Exchange,
  FollowedSeries,
  MarketStream,
  ServedCandle,
  StreamState,
  Ticker,
} from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { CandleFeed, type LoadProgress } from './candle-feed.ts';
import type { FeedSink } from './feed-sink.ts';
import { type LongHistory, readLongHistory } from './long-history.ts';
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

/** The series an open position is decided on. */
export interface HeldSeries {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
}

/**
 * The market as it is now: which instruments trade, their candles, their prices. One timeframe is scanned
 * at a time; beside it, positions have the series they are held on, whatever becomes of the scan or the listing.
 * Tickers are streamed only for instruments that matter (positions and candidates).
 */
export class MarketWatch {
  readonly board = new PriceBoard();
  private readonly exchange: Exchange;
  private readonly sink: FeedSink;
  private readonly time: Time;
  private readonly feed: CandleFeed;
  private timeframe: Timeframe;
  private held: readonly HeldSeries[] = [];
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
    this.feed = new CandleFeed(options);
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

  /** Rules of what is held, known before the exchange has listed anything; what it lists replaces them. */
  hold(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) this.instruments.set(instrument.id, instrument);
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

  /**
   * Which timeframe is scanned and what positions are held on. Called whenever either may have changed; series
   * that stay wanted go on undisturbed, the history of new ones is loaded, held ones first.
   */
  followCandles(timeframe: Timeframe, held: readonly HeldSeries[]): void {
    if (timeframe === this.timeframe && sameSeries(held, this.held)) return;
    this.timeframe = timeframe;
    this.held = held;
    this.followWanted();
  }

  /** Call every second: repairs candles that are late. */
  repairOverdue(): void {
    this.feed.repairOverdue();
  }

  health(): MarketHealth {
    return {
      instruments: this.instruments.size,
      progress: this.feed.progress(this.timeframe),
      streamUp: this.streamUp,
      lastMessageMs: this.lastMessageMs,
      repairs: this.feed.repairCount(),
    };
  }

  instrument(instrumentId: InstrumentId): Instrument | null {
    return this.instruments.get(instrumentId) ?? null;
  }

  /** Candles far back, for what is not urgent; unknown also for an instrument that is not listed. */
  async longHistory(id: InstrumentId, timeframe: Timeframe, untilMs: number): Promise<Reading<LongHistory>> {
    const instrument = this.instruments.get(id);
    if (instrument === undefined) return unknown('not-sent', `${id} is not listed.`);
    return readLongHistory(this.exchange, { instrument, timeframe, untilMs });
  }

  stop(): void {
    this.feed.stop();
    this.stream?.close();
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
    this.followWanted();
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

  /** At start positions are known before instruments are: they are followed from the first universe on. */
  private followWanted(): void {
    if (this.stream === null) return;
    const wanted: FollowedSeries[] = [];
    for (const { instrumentId, timeframe } of this.held) {
      const instrument = this.instruments.get(instrumentId);
      if (instrument !== undefined) wanted.push({ instrument, timeframe });
    }
    for (const instrument of this.instruments.values()) {
      if (instrument.status === 'trading') wanted.push({ instrument, timeframe: this.timeframe });
    }
    this.stream.followCandles(wanted);
    this.feed.follow(wanted);
  }

  private onCandle(instrumentId: InstrumentId, timeframe: Timeframe, candle: ServedCandle): void {
    this.lastMessageMs = this.time.nowMs();
    this.board.takeClose(instrumentId, candle.close);
    this.feed.onCandle(instrumentId, timeframe, candle);
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
    if (state.kind === 'down' && wasUp) this.sink.feedLost(null, null, state.detail);
    if (state.kind === 'up' && !wasUp) {
      this.sink.feedRestored(null, null);
      this.feed.repairMissed();
    }
  }
}

function sameSeries(a: readonly HeldSeries[], b: readonly HeldSeries[]): boolean {
  const same = ({ instrumentId, timeframe }: HeldSeries, other: HeldSeries | undefined): boolean =>
    instrumentId === other?.instrumentId && timeframe === other.timeframe;
  return a.length === b.length && a.every((series, index) => same(series, b[index]));
}

function sameRules(a: Instrument, b: Instrument): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
