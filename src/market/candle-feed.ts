import type { Candle } from '../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { openTimeMsAt, type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { Exchange, ServedCandle } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { CandleTrack, historyFault } from './candle-track.ts';
import type { FeedSink } from './feed-sink.ts';

/** Closed candles loaded per instrument: maturity asks for 200, RSI warm-up for 250; some spare. */
const HISTORY_CANDLES = 300;
/** Reads under way at once; the rate budget decides the pace, this bounds memory. */
const LOADS_MAX = 64;
/** How long after its close a candle may be late before it is read by REST. */
const LATE_GRACE_MS = 5_000;
/** Failed loads are tried again after this; doubled up to the maximum. */
const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 60_000;
/** A closed candle may reach the REST endpoint a moment after its close. */
const CLOSE_LAG_MS = 300;

/** How far the first load has come. */
export interface LoadProgress {
  readonly ready: number;
  readonly failed: number;
  readonly total: number;
}

interface Load {
  readonly instrument: Instrument;
  readonly attempt: number;
}

/**
 * Closed candles of every followed instrument: history by REST within the rate budget, published
 * instrument by instrument, then streamed; a gap, an unsound or a late candle is repaired by REST before
 * the instrument is decided on again.
 */
export class CandleFeed {
  private readonly exchange: Exchange;
  private readonly sink: FeedSink;
  private readonly time: Time;
  private readonly timeframe: Timeframe;
  private readonly tracks = new Map<InstrumentId, CandleTrack>();
  private readonly instruments = new Map<InstrumentId, Instrument>();
  private readonly failed = new Set<InstrumentId>();
  private readonly queue: Load[] = [];
  private loading = 0;
  private repairs = 0;
  private stopped = false;

  constructor(options: { exchange: Exchange; sink: FeedSink; time: Time; timeframe: Timeframe }) {
    this.exchange = options.exchange;
    this.sink = options.sink;
    this.time = options.time;
    this.timeframe = options.timeframe;
  }

  /** Starts to follow instruments; those already followed are left alone. */
  follow(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) {
      if (this.tracks.has(instrument.id)) continue;
      this.instruments.set(instrument.id, instrument);
      this.tracks.set(instrument.id, new CandleTrack(timeframeMs(this.timeframe)));
      this.queue.push({ instrument, attempt: 0 });
    }
    this.fillLoads();
  }

  /** A streamed candle. Open ones only show that data flows. */
  onCandle(instrumentId: InstrumentId, candle: ServedCandle): void {
    const track = this.tracks.get(instrumentId);
    if (track === undefined || !candle.closed) return;
    const step = track.accept(candle);
    if (step === 'emit') this.sink.candleClosed(instrumentId, this.timeframe, plain(candle));
    if (step === 'repair') this.repair(instrumentId, 'a candle was missed or unsound');
  }

  /** Repairs candles that are more than a grace late. Call every second. */
  repairOverdue(): void {
    this.repairLate(LATE_GRACE_MS);
  }

  /** After a reconnect: what closed meanwhile was swallowed, so there is no grace. */
  repairMissed(): void {
    this.repairLate(CLOSE_LAG_MS);
  }

  progress(): LoadProgress {
    let ready = 0;
    for (const track of this.tracks.values()) if (!track.isRepairing()) ready += 1;
    return { ready, failed: this.failed.size, total: this.tracks.size };
  }

  /** How often a gap or a late candle was repaired since start. */
  repairCount(): number {
    return this.repairs;
  }

  stop(): void {
    this.stopped = true;
    this.queue.length = 0;
  }

  private repairLate(graceMs: number): void {
    for (const [instrumentId, track] of this.tracks) {
      if (track.isOverdue(this.time.nowMs(), graceMs)) this.repair(instrumentId, 'a closed candle is late');
    }
  }

  private repair(instrumentId: InstrumentId, reason: string): void {
    const track = this.tracks.get(instrumentId);
    const instrument = this.instruments.get(instrumentId);
    if (track === undefined || instrument === undefined || track.isRepairing()) return;
    this.repairs += 1;
    track.startRepair();
    this.sink.feedLost(instrumentId, reason);
    this.queue.push({ instrument, attempt: 0 });
    this.fillLoads();
  }

  private fillLoads(): void {
    while (this.loading < LOADS_MAX && !this.stopped) {
      const next = this.queue.shift();
      if (next === undefined) return;
      this.loading += 1;
      void this.load(next).finally(() => {
        this.loading -= 1;
        this.fillLoads();
      });
    }
  }

  private async load(load: Load): Promise<void> {
    const { instrument } = load;
    const lengthMs = timeframeMs(this.timeframe);
    const newestMs = openTimeMsAt(this.time.nowMs() - CLOSE_LAG_MS, this.timeframe) - lengthMs;
    const startMs = newestMs - (HISTORY_CANDLES - 1) * lengthMs;
    const endMs = newestMs + lengthMs;
    const reading = await this.exchange.readCandles({
      instrument,
      timeframe: this.timeframe,
      startMs,
      endMs,
    });
    if (this.stopped) return;
    if (reading.kind === 'unknown') return this.retry(load);
    const closed = reading.value.filter((candle) => candle.closed).map(plain);
    if (historyFault(closed, lengthMs, newestMs) !== null) return this.retry(load);
    this.publish(instrument.id, closed);
  }

  private publish(instrumentId: InstrumentId, candles: readonly Candle[]): void {
    const last = candles.at(-1);
    if (last === undefined) return;
    const track = this.tracks.get(instrumentId);
    const wasLive = track?.newestMs() !== null;
    track?.finishRepair(last.openTimeMs);
    this.failed.delete(instrumentId);
    this.sink.candleHistory(instrumentId, this.timeframe, candles);
    if (wasLive) this.sink.feedRestored(instrumentId);
  }

  private retry(load: Load): void {
    this.failed.add(load.instrument.id);
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** load.attempt);
    this.time.after(delayMs, () => {
      if (this.stopped) return;
      this.queue.push({ instrument: load.instrument, attempt: load.attempt + 1 });
      this.fillLoads();
    });
  }
}

function plain(candle: ServedCandle): Candle {
  const { openTimeMs, open, high, low, close, volume } = candle;
  return { openTimeMs, open, high, low, close, volume };
}
