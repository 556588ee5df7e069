import { searchOptimalEma } from '../backtest/optimal-ema/optimal-ema.ts';
import { type EmaSearchRule, emaSearchSettingsSchema } from '../backtest/optimal-ema/settings.ts';
import type { SearchedCandles } from '../backtest/optimal-ema/signals.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { SearchedPair, SearchedPairs } from '../core/engine/searched-pairs.ts';
import type { SignalSettings } from '../core/signal/settings.ts';
import { sha256Hex } from '../platform/random.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { EmaSearchLog, EmaSearchRow } from '../store/store.ts';

/** Change it when the same candles and settings would give another result: everything is searched again. */
const METHOD_VERSION = 1;
/** A result is stale this many candles after the newest one it saw: a week of 6-hour candles, */
const STALE_CANDLES = 28;
/** but never sooner than a day: each search reads up to 5,000 candles of the exchange. */
const STALE_MS_MIN = 86_400_000;
/** Searches of one run: 600 instruments take two hours, 25 requests a minute and half a percent of a core. */
const SEARCHES_A_RUN = 5;
/** Between two searches of some milliseconds: orders and candles go first. */
const PAUSE_MS = 100;

export interface OptimalEmaOptions {
  readonly log: EmaSearchLog;
  readonly time: Time;
  /** Timeframe of signals now. */
  readonly timeframe: () => Timeframe;
  /** Of every instrument that is known. */
  readonly instruments: () => readonly InstrumentId[];
  /** Open time of the newest closed candle of the timeframe of signals; null without one. */
  readonly newestMs: (id: InstrumentId) => number | null;
  /** Closed candles up to that one, as many as can be had; null when they could not be read. */
  readonly history: (id: InstrumentId, untilMs: number) => Promise<SearchedCandles | null>;
  /** True while the exchange may be asked for what is not urgent. */
  readonly mayRead: () => boolean;
  /** What people set for an instrument, without what searches found. */
  readonly signalOf: (id: InstrumentId) => SignalSettings;
  /** Called when `pairs` may have changed: puts them in force where they did. */
  readonly onPairs: () => Promise<void>;
}

/**
 * The search for each instrument's pair of averages: one at a time on candles read for it, stored with its
 * evidence, repeated when stale. Only a pair that proved better is ever put in force.
 */
export class OptimalEmaService {
  private readonly options: OptimalEmaOptions;
  private rows = new Map<InstrumentId, EmaSearchRow>();
  private loaded: Timeframe | null = null;

  constructor(options: OptimalEmaOptions) {
    this.options = options;
  }

  /** Pairs that proved better under the settings there are now; empty before the first run. */
  pairs(): SearchedPairs {
    const pairs = new Map<InstrumentId, SearchedPair>();
    if (this.loaded !== this.options.timeframe()) return pairs;
    for (const [id, row] of this.rows) {
      const pair = this.provenPair(id, row);
      if (pair !== null) pairs.set(id, pair);
    }
    return pairs;
  }

  /** All results of the timeframe of signals, in order of instrument. */
  async list(): Promise<readonly EmaSearchRow[]> {
    await this.load();
    return [...this.rows.values()].sort((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1));
  }

  /** Null when it was never searched. */
  async of(id: InstrumentId): Promise<EmaSearchRow | null> {
    await this.load();
    return this.rows.get(id) ?? null;
  }

  /** Searches now unless a fresh result is there, or `force`; null without a candle or when they cannot be read. */
  async search(id: InstrumentId, force: boolean): Promise<EmaSearchRow | null> {
    await this.load();
    if (force || this.isStale(id)) await this.searchOne(id);
    await this.options.onPairs();
    return this.rows.get(id) ?? null;
  }

  /** The background job: what is stale, a bounded number of it, until the signal says to end. */
  async searchStale(signal: AbortSignal): Promise<void> {
    await this.load();
    // What was found before the start is not to wait for what is searched now.
    await this.options.onPairs();
    if (!this.options.mayRead()) return;
    const stale = this.options.instruments().filter((id) => this.isStale(id));
    for (const id of stale.slice(0, SEARCHES_A_RUN)) {
      if (signal.aborted) break;
      await this.searchOne(id);
      await sleep(this.options.time, PAUSE_MS);
    }
    await this.options.onPairs();
  }

  private async load(): Promise<void> {
    const timeframe = this.options.timeframe();
    if (this.loaded === timeframe) return;
    const rows = await this.options.log.list(timeframe);
    this.rows = new Map(rows.map((row) => [row.instrumentId as InstrumentId, row]));
    this.loaded = timeframe;
  }

  private async searchOne(id: InstrumentId): Promise<void> {
    const newestMs = this.options.newestMs(id);
    const candles = newestMs === null ? null : await this.options.history(id, newestMs);
    if (candles === null || candles.count === 0) return;
    const rule = this.ruleOf(id);
    const { verdict, pair, evidence } = searchOptimalEma(candles, rule);
    const row: EmaSearchRow = {
      instrumentId: id,
      timeframe: candles.timeframe,
      verdict,
      shortLength: pair?.shortLength ?? null,
      longLength: pair?.longLength ?? null,
      settingsHash: hashOf(rule),
      lastMs: evidence.lastMs,
      searchedMs: this.options.time.nowMs(),
      evidenceJson: JSON.stringify(evidence),
    };
    await this.options.log.save(row);
    if (this.loaded === row.timeframe) this.rows.set(id, row);
  }

  private isStale(id: InstrumentId): boolean {
    const row = this.rows.get(id);
    const newestMs = this.options.newestMs(id);
    if (newestMs === null) return false;
    if (row === undefined || row.settingsHash !== hashOf(this.ruleOf(id))) return true;
    const staleMs = Math.max(STALE_MS_MIN, STALE_CANDLES * timeframeMs(this.options.timeframe()));
    return newestMs - row.lastMs >= staleMs;
  }

  private provenPair(id: InstrumentId, row: EmaSearchRow): SearchedPair | null {
    const { verdict, shortLength, longLength } = row;
    if (verdict !== 'better' || shortLength === null || longLength === null) return null;
    return row.settingsHash === hashOf(this.ruleOf(id)) ? { shortLength, longLength } : null;
  }

  private ruleOf(id: InstrumentId): EmaSearchRule {
    return { search: SEARCH, signal: this.options.signalOf(id) };
  }
}

const SEARCH = emaSearchSettingsSchema.parse({});

function hashOf({ search, signal }: EmaSearchRule): string {
  const { rsiLength, rsiLongMax, rsiShortMin } = signal;
  const { trendConfirmCandles, trendEmaShortLength, trendEmaLongLength } = signal;
  const read = { rsiLength, rsiLongMax, rsiShortMin, trendConfirmCandles };
  const lengths = { trendEmaShortLength, trendEmaLongLength };
  return sha256Hex(JSON.stringify([METHOD_VERSION, search, { ...read, ...lengths }])).slice(0, 16);
}
