import type { Candle } from '../core/domain/candle.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { openTimeMsAt, type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { Exchange, FollowedSeries, ServedCandle } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { CandleTrack, historyFault } from './candle-track.ts';
import type { FeedSink } from './feed-sink.ts';

/** Closed candles loaded per series: maturity asks for 200, RSI warm-up for 250; some spare. */
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

/** A series as the feed has it; another object when it was let go and is followed again. */
interface Entry extends FollowedSeries {
  readonly key: string;
  readonly track: CandleTrack;
  /** The last load came to nothing. */
  failed: boolean;
  /** It was told as lost and not yet as restored. */
  lost: boolean;
}

interface Load {
  readonly entry: Entry;
  readonly attempt: number;
}

/**
 * Closed candles of every followed series, a series being an instrument on a timeframe: history by REST within
 * the rate budget, published series by series, then streamed; a gap, an unsound or a late candle is repaired by
 * REST before the series is decided on again.
 */
export class CandleFeed {
  private readonly exchange: Exchange;
  private readonly sink: FeedSink;
  private readonly time: Time;
  private readonly entries = new Map<string, Entry>();
  private readonly queue: Load[] = [];
  private loading = 0;
  private repairs = 0;
  private stopped = false;

  constructor(options: { exchange: Exchange; sink: FeedSink; time: Time }) {
    this.exchange = options.exchange;
    this.sink = options.sink;
    this.time = options.time;
  }

  /** Replaces what is followed: those followed already go on undisturbed, new ones are loaded in this order. */
  follow(wanted: readonly FollowedSeries[]): void {
    const keys = new Set<string>();
    for (const { instrument, timeframe } of wanted) {
      const key = keyOf(instrument.id, timeframe);
      keys.add(key);
      if (this.entries.has(key)) continue;
      const track = new CandleTrack(timeframeMs(timeframe));
      const entry: Entry = { key, instrument, timeframe, track, failed: false, lost: false };
      this.entries.set(key, entry);
      this.queue.push({ entry, attempt: 0 });
    }
    for (const key of this.entries.keys()) if (!keys.has(key)) this.entries.delete(key);
    this.fillLoads();
  }

  /** A streamed candle. Open ones only show that data flows. */
  onCandle(instrumentId: InstrumentId, timeframe: Timeframe, candle: ServedCandle): void {
    if (!candle.closed) return;
    const entry = this.entries.get(keyOf(instrumentId, timeframe));
    if (entry === undefined) return;
    const step = entry.track.accept(candle);
    if (step === 'emit') this.sink.candleClosed(instrumentId, timeframe, plain(candle));
    if (step === 'repair') this.repair(entry, 'a candle was missed or unsound');
  }

  /** Repairs candles that are more than a grace late. Call every second. */
  repairOverdue(): void {
    this.repairLate(LATE_GRACE_MS);
  }

  /** After a reconnect: what closed meanwhile was swallowed, so there is no grace. */
  repairMissed(): void {
    this.repairLate(CLOSE_LAG_MS);
  }

  /** How many series of a timeframe are followed and how many of them are there. */
  progress(timeframe: Timeframe): LoadProgress {
    const count = { ready: 0, failed: 0, total: 0 };
    for (const entry of this.entries.values()) {
      if (entry.timeframe !== timeframe) continue;
      count.total += 1;
      if (!entry.track.isRepairing()) count.ready += 1;
      if (entry.failed) count.failed += 1;
    }
    return count;
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
    const nowMs = this.time.nowMs();
    for (const entry of this.entries.values()) {
      if (entry.track.isOverdue(nowMs, graceMs)) this.repair(entry, 'a closed candle is late');
    }
  }

  private repair(entry: Entry, reason: string): void {
    this.repairs += 1;
    entry.track.startRepair();
    this.lose(entry, reason);
    this.queue.push({ entry, attempt: 0 });
    this.fillLoads();
  }

  private lose(entry: Entry, reason: string): void {
    if (entry.lost) return;
    entry.lost = true;
    this.sink.feedLost(entry.instrument.id, entry.timeframe, reason);
  }

  private fillLoads(): void {
    while (this.loading < LOADS_MAX && !this.stopped) {
      const next = this.queue.shift();
      if (next === undefined) return;
      if (!this.isFollowed(next.entry)) continue;
      this.loading += 1;
      void this.load(next).finally(() => {
        this.loading -= 1;
        this.fillLoads();
      });
    }
  }

  private isFollowed(entry: Entry): boolean {
    return !this.stopped && this.entries.get(entry.key) === entry;
  }

  private async load(load: Load): Promise<void> {
    const { entry } = load;
    const { instrument, timeframe } = entry;
    const lengthMs = timeframeMs(timeframe);
    const newestMs = openTimeMsAt(this.time.nowMs() - CLOSE_LAG_MS, timeframe) - lengthMs;
    const startMs = newestMs - (HISTORY_CANDLES - 1) * lengthMs;
    const endMs = newestMs + lengthMs;
    const reading = await this.exchange.readCandles({ instrument, timeframe, startMs, endMs });
    if (!this.isFollowed(entry)) return;
    if (reading.kind === 'unknown') return this.retry(load, reading.detail);
    const closed = reading.value.filter((candle) => candle.closed);
    // Listed within the open candle: nothing has closed yet, and the stream brings the first that does.
    const isYoung = closed.length === 0 && instrument.launchTimeMs >= endMs;
    const fault = isYoung ? null : historyFault(closed, lengthMs, newestMs);
    if (fault !== null) this.retry(load, fault);
    else this.publish(entry, closed, newestMs);
  }

  private publish(entry: Entry, candles: readonly Candle[], newestMs: number): void {
    const { instrument, timeframe, lost } = entry;
    entry.track.finishRepair(candles.at(-1)?.openTimeMs ?? newestMs);
    entry.failed = false;
    entry.lost = false;
    this.sink.candleHistory(instrument.id, timeframe, candles);
    if (lost) this.sink.feedRestored(instrument.id, timeframe);
  }

  private retry({ entry, attempt }: Load, fault: string): void {
    entry.failed = true;
    this.lose(entry, `its history could not be read: ${fault}`);
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt);
    this.time.after(delayMs, () => {
      if (!this.isFollowed(entry)) return;
      this.queue.push({ entry, attempt: attempt + 1 });
      this.fillLoads();
    });
  }
}

function keyOf(instrumentId: InstrumentId, timeframe: Timeframe): string {
  return `${instrumentId} ${timeframe}`;
}

function plain(candle: ServedCandle): Candle {
  const { openTimeMs, open, high, low, close, volume } = candle;
  return { openTimeMs, open, high, low, close, volume };
}
