import type { Portfolio } from '../backtest/filter-worth/added-worth.ts';
import {
  type BlockedCandidate,
  BlockedCandidates,
  lookOf,
  type SignalLook,
  signalKey,
} from '../backtest/filter-worth/blocked-candidates.ts';
import { judgeFilters } from '../backtest/filter-worth/judge-filters.ts';
import type { SoloFilterWorth } from '../backtest/filter-worth/result.ts';
import { worthSettingsSchema } from '../backtest/filter-worth/settings.ts';
import type { SoloTrade } from '../backtest/filter-worth/solo-trade.ts';
import { CANDLES_KEPT_MAX } from '../core/domain/candle-series.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { DecisionRecord } from '../core/engine/decision.ts';
import type { Job } from '../platform/scheduled-job.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { BlockedTradeRow, FilterWorthLog } from '../store/filter-worth-log.ts';
import type { DecisionRow, Numbered, Page, Store } from '../store/store.ts';
import { blockedTradeRow, type Priced, readBlockedTrade, signalOf } from './blocked-trade-row.ts';

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
/** Priced entries are saved so many at a time. */
const TRADES_A_SAVE = 100;
/** What is priced stays for a year, and the newest of it at most. */
const KEPT_MS = 366 * 86_400_000;
const CANDIDATES_MAX = 20_000;
/** Shape of a stored judgement; one of another shape is made anew. */
const WORTH_FORMAT = 1;
const WORTH = worthSettingsSchema.parse({});

export interface FilterWorthOptions {
  readonly decisions: Pick<Store, 'listDecisions'>;
  readonly log: FilterWorthLog;
  readonly time: Time;
  /** Timeframe of signals now. */
  readonly timeframe: () => Timeframe;
  readonly settingsVersion: () => number;
  /** Of everything a price depends on besides candles and equity. */
  readonly settingsHash: (id: InstrumentId) => string;
  /** Trades one blocked entry on the candles held. Null when it could not have been entered. */
  readonly price: (candidate: BlockedCandidate) => SoloTrade | null;
  /** What was traded, and the room there is. */
  readonly portfolio: () => Promise<Portfolio>;
}

/** What is known of the filters so far. */
export interface HeldFilterWorth {
  readonly timeframe: Timeframe;
  /** Null before the first run. */
  readonly judgedMs: number | null;
  /** In force when it was judged; null before the first run. */
  readonly settingsVersion: number | null;
  /** True when settings have changed since. */
  readonly stale: boolean;
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

/**
 * The worth of the entry filters from decisions as they were stored and candles as they are held: every blocked entry
 * is traded alone, some a run, with pauses. Nothing is asked of an exchange, and nothing is decided by it. What was
 * priced is stored: a start goes on from it, and it outlasts the candles it was priced on.
 */
export class FilterWorthService {
  private readonly options: FilterWorthOptions;
  private blocked = new BlockedCandidates();
  private prices = new Map<string, Priced>();
  private newestId = 0;
  private recalled: Timeframe | null = null;
  private worth: HeldFilterWorth | null = null;

  constructor(options: FilterWorthOptions) {
    this.options = options;
  }

  /** What the last run found, were it before the service was started. */
  async newest(): Promise<HeldFilterWorth> {
    const timeframe = this.options.timeframe();
    const known = this.worth?.timeframe === timeframe ? this.worth : await this.storedWorth(timeframe);
    return {
      ...known,
      stale: known.judgedMs !== null && known.settingsVersion !== this.options.settingsVersion(),
    };
  }

  /** Reads new decisions, prices a bounded number of them and judges the filters, until the signal says to end. */
  async run(signal: AbortSignal): Promise<void> {
    const timeframe = this.options.timeframe();
    if (this.recalled !== timeframe) await this.recall(timeframe);
    await this.readDecisions(timeframe);
    this.forgetOld(timeframe);
    const candidates = this.blocked.list();
    await this.priceSome(candidates, { timeframe, signal });
    if (!signal.aborted && timeframe === this.options.timeframe()) await this.judge(candidates, timeframe);
  }

  /** Begins with what was priced before. */
  private async recall(timeframe: Timeframe): Promise<void> {
    this.recalled = null;
    this.blocked = new BlockedCandidates();
    this.prices = new Map();
    this.newestId = 0;
    for (const row of await this.options.log.trades(timeframe)) {
      const { candidate, priced } = readBlockedTrade(row);
      this.blocked.learn({ key: signalKey(candidate), blocked: candidate });
      this.prices.set(signalKey(candidate), priced);
    }
    this.recalled = timeframe;
  }

  private async storedWorth(timeframe: Timeframe): Promise<HeldFilterWorth> {
    const row = await this.options.log.worth(timeframe);
    if (row?.format === WORTH_FORMAT) return JSON.parse(row.worthJson) as HeldFilterWorth;
    const nothing = { judgedMs: null, settingsVersion: null, stale: false, sinceMs: null };
    return { timeframe, ...nothing, blocked: 0, pending: 0, filters: [] };
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

  /** Keeps what is priced for a year, and what can still be priced. */
  private forgetOld(timeframe: Timeframe): void {
    const nowMs = this.options.time.nowMs();
    const all = this.blocked.list();
    for (const [place, candidate] of all.entries()) {
      const sinceMs = this.isPriced(candidate) ? KEPT_MS : this.heldMs(timeframe);
      const isSurplus = place < all.length - CANDIDATES_MAX;
      if (isSurplus || candidate.timeMs < nowMs - sinceMs) this.blocked.forget(candidate);
    }
  }

  private async priceSome(
    candidates: readonly BlockedCandidate[],
    { timeframe, signal }: { readonly timeframe: Timeframe; readonly signal: AbortSignal },
  ): Promise<void> {
    const { time, log } = this.options;
    let unsaved: BlockedTradeRow[] = [];
    for (const candidate of candidates.filter((one) => this.isDue(one, timeframe)).slice(0, TRADES_A_RUN)) {
      if (signal.aborted) break;
      unsaved.push(this.price(candidate, timeframe));
      if (unsaved.length === TRADES_A_SAVE) {
        await log.saveTrades(unsaved);
        unsaved = [];
      }
      await sleep(time, PAUSE_MS);
    }
    await log.saveTrades(unsaved);
  }

  private price(candidate: BlockedCandidate, timeframe: Timeframe): BlockedTradeRow {
    const { time, price, settingsHash } = this.options;
    const { instrumentId } = candidate;
    const priced = {
      trade: price(candidate),
      pricedMs: time.nowMs(),
      settingsHash: settingsHash(instrumentId),
    };
    this.prices.set(signalKey(candidate), priced);
    return blockedTradeRow(candidate, priced, timeframe);
  }

  /** Priced under the settings of now. */
  private isPriced(candidate: BlockedCandidate): boolean {
    const priced = this.prices.get(signalKey(candidate));
    return priced !== undefined && priced.settingsHash === this.options.settingsHash(candidate.instrumentId);
  }

  private isDue(candidate: BlockedCandidate, timeframe: Timeframe): boolean {
    const nowMs = this.options.time.nowMs();
    const lengthMs = timeframeMs(timeframe);
    if (!this.isPriced(candidate)) return nowMs >= candidate.timeMs + WAIT_CANDLES * lengthMs;
    const priced = this.prices.get(signalKey(candidate));
    const isHeld = candidate.timeMs >= nowMs - this.heldMs(timeframe);
    const isOpen = isHeld && priced?.trade?.isOpen === true;
    return isOpen && nowMs >= priced.pricedMs + REPRICE_CANDLES * lengthMs;
  }

  private async judge(candidates: readonly BlockedCandidate[], timeframe: Timeframe): Promise<void> {
    const { time, log, settingsVersion, portfolio } = this.options;
    const priced = candidates.filter((candidate) => this.isPriced(candidate));
    const price = (candidate: BlockedCandidate) => this.prices.get(signalKey(candidate))?.trade ?? null;
    const worth: HeldFilterWorth = {
      timeframe,
      judgedMs: time.nowMs(),
      settingsVersion: settingsVersion(),
      stale: false,
      blocked: priced.length,
      pending: candidates.length - priced.length,
      sinceMs: priced[0]?.timeMs ?? null,
      filters: judgeFilters(priced, { price, worth: WORTH, portfolio: await portfolio() }).judged,
    };
    await this.dropForgotten(candidates, timeframe);
    await log.saveWorth({
      timeframe,
      judgedMs: time.nowMs(),
      settingsVersion: settingsVersion(),
      format: WORTH_FORMAT,
      worthJson: JSON.stringify(worth),
    });
    this.worth = worth;
  }

  /** What is no candidate any more is forgotten with its price. */
  private async dropForgotten(candidates: readonly BlockedCandidate[], timeframe: Timeframe): Promise<void> {
    const keys = new Set(candidates.map(signalKey));
    const gone = [...this.prices.keys()].filter((key) => !keys.has(key));
    await this.options.log.removeTrades(gone.map((key) => signalOf(key, timeframe)));
    for (const key of gone) this.prices.delete(key);
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
