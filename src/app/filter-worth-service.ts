import {
  type BlockedCandidate,
  BlockedCandidates,
  lookOf,
  type SignalLook,
} from '../backtest/filter-worth/blocked-candidates.ts';
import { judgeFilters } from '../backtest/filter-worth/judge-filters.ts';
import type { SoloFilterWorth } from '../backtest/filter-worth/result.ts';
import { worthSettingsSchema } from '../backtest/filter-worth/settings.ts';
import type { SoloTrade } from '../backtest/filter-worth/solo-trade.ts';
import { CANDLES_KEPT_MAX } from '../core/domain/candle-series.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { DecisionRecord } from '../core/engine/decision.ts';
import type { Job } from '../platform/scheduled-job.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { DecisionRow, Numbered, Page, Store } from '../store/store.ts';

/** Newest stored decisions that are read at a start; later runs read what came since. */
const DECISIONS_MAX = 10_000;
const PAGE = 500;
/** Most trades priced in one run. */
const TRADES_A_RUN = 1_000;
/** Between two trades of some milliseconds: orders and candles go first. */
const PAUSE_MS = 20;
/** A trade that was not at its end is priced again once this many more candles are there. */
const REPRICE_CANDLES = 12;
/** Candles after a signal before it is priced: the first one is where it would have been entered. */
const WAIT_CANDLES = 2;
/** Candles that indicators settle on before the first signal that is priced. */
const SETTLED_CANDLES = 250;
const WORTH = worthSettingsSchema.parse({});

export interface FilterWorthOptions {
  readonly decisions: Pick<Store, 'listDecisions'>;
  readonly time: Time;
  /** Timeframe of signals now. */
  readonly timeframe: () => Timeframe;
  /** What is priced changes with it. */
  readonly settingsVersion: () => number;
  /** Trades one blocked entry on the candles held. Null when it could not have been entered. */
  readonly price: (candidate: BlockedCandidate) => SoloTrade | null;
}

/** What is known of the filters so far. */
export interface HeldFilterWorth {
  readonly timeframe: Timeframe;
  /** Null before the first run. */
  readonly judgedMs: number | null;
  /** Blocked entries that were judged, and those still to be priced. */
  readonly blocked: number;
  readonly pending: number;
  /** Close of the oldest one; null without any. */
  readonly sinceMs: number | null;
  readonly filters: readonly SoloFilterWorth[];
}

/** What is needed of a stored decision. */
interface LookRow {
  readonly id: number;
  readonly timeframe: string;
  readonly look: SignalLook | null;
}

interface Priced {
  readonly trade: SoloTrade | null;
  readonly pricedMs: number;
}

/**
 * The worth of the entry filters from decisions as they were stored and candles as they are held: every blocked entry
 * is traded alone, some a run, with pauses. Nothing is asked of an exchange, and nothing is decided by it.
 */
export class FilterWorthService {
  private readonly options: FilterWorthOptions;
  private blocked = new BlockedCandidates();
  private prices = new Map<string, Priced>();
  private newestId = 0;
  private pricedUnder = '';
  private worth: HeldFilterWorth | null = null;

  constructor(options: FilterWorthOptions) {
    this.options = options;
  }

  /** What the last run found. */
  newest(): HeldFilterWorth {
    const timeframe = this.options.timeframe();
    if (this.worth?.timeframe === timeframe) return this.worth;
    return { timeframe, judgedMs: null, blocked: 0, pending: 0, sinceMs: null, filters: [] };
  }

  /** Reads new decisions, prices a bounded number of them and judges the filters, until the signal says to end. */
  async run(signal: AbortSignal): Promise<void> {
    this.startAnewIfChanged();
    const timeframe = this.options.timeframe();
    await this.readDecisions(timeframe);
    this.blocked.dropBefore(this.options.time.nowMs() - this.heldMs(timeframe));
    const candidates = this.blocked.list();
    await this.priceSome(candidates, signal);
    if (!signal.aborted && timeframe === this.options.timeframe()) this.judge(candidates, timeframe);
  }

  private startAnewIfChanged(): void {
    const { timeframe, settingsVersion } = this.options;
    const under = `${timeframe()} ${settingsVersion()}`;
    if (under === this.pricedUnder) return;
    this.pricedUnder = under;
    this.blocked = new BlockedCandidates();
    this.prices = new Map();
    this.newestId = 0;
  }

  /** Stored newest first, learned oldest first: of each signal the last word counts. */
  private async readDecisions(timeframe: Timeframe): Promise<void> {
    const rows = await this.newRows();
    for (const row of rows.reverse()) {
      this.newestId = Math.max(this.newestId, row.id);
      if (row.look !== null && row.timeframe === timeframe) this.blocked.learn(row.look);
    }
  }

  /** What was stored since the last run, newest first, read page by page into what is needed of it. */
  private async newRows(): Promise<LookRow[]> {
    const rows: LookRow[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<DecisionRow & Numbered> = await this.options.decisions.listDecisions({
        limit: PAGE,
        cursor,
      });
      const fresh = page.rows.filter(({ id }) => id > this.newestId);
      for (const row of fresh) rows.push(lookRow(row));
      cursor = fresh.length < page.rows.length ? null : page.nextCursor;
    } while (cursor !== null && rows.length < DECISIONS_MAX);
    return rows;
  }

  private async priceSome(candidates: readonly BlockedCandidate[], signal: AbortSignal): Promise<void> {
    const { time, price } = this.options;
    const due = candidates.filter((candidate) => this.isDue(candidate));
    for (const candidate of due.slice(0, TRADES_A_RUN)) {
      if (signal.aborted) return;
      this.prices.set(keyOf(candidate), { trade: price(candidate), pricedMs: time.nowMs() });
      await sleep(time, PAUSE_MS);
    }
  }

  private isDue(candidate: BlockedCandidate): boolean {
    const nowMs = this.options.time.nowMs();
    const lengthMs = timeframeMs(this.options.timeframe());
    const priced = this.prices.get(keyOf(candidate));
    if (priced === undefined) return nowMs >= candidate.timeMs + WAIT_CANDLES * lengthMs;
    const isOpen = priced.trade?.isOpen === true;
    return isOpen && nowMs >= priced.pricedMs + REPRICE_CANDLES * lengthMs;
  }

  private judge(candidates: readonly BlockedCandidate[], timeframe: Timeframe): void {
    const priced = candidates.filter((candidate) => this.prices.has(keyOf(candidate)));
    const price = (candidate: BlockedCandidate) => this.prices.get(keyOf(candidate))?.trade ?? null;
    // What was dropped is forgotten with its price.
    const keys = new Set(priced.map(keyOf));
    for (const key of this.prices.keys()) if (!keys.has(key)) this.prices.delete(key);
    this.worth = {
      timeframe,
      judgedMs: this.options.time.nowMs(),
      blocked: priced.length,
      pending: candidates.length - priced.length,
      sinceMs: priced[0]?.timeMs ?? null,
      filters: judgeFilters(priced, { price, worth: WORTH }).judged,
    };
  }

  private heldMs(timeframe: Timeframe): number {
    return (CANDLES_KEPT_MAX - SETTLED_CANDLES) * timeframeMs(timeframe);
  }
}

/** The job in the background: a bounded piece of work, seldom. */
export function filterWorthJob(service: FilterWorthService): Job {
  return {
    name: 'filter-worth',
    intervalMs: 10 * 60_000,
    jitterRate: 0.1,
    firstDelayMs: 3 * 60_000,
    timeoutMs: 5 * 60_000,
    run: (signal) => service.run(signal),
  };
}

function lookRow({ id, timeframe, recordJson }: DecisionRow & Numbered): LookRow {
  return { id, timeframe, look: lookOf(JSON.parse(recordJson) as DecisionRecord) };
}

function keyOf({ instrumentId, timeMs }: BlockedCandidate): string {
  return `${instrumentId} ${timeMs}`;
}
