import type { CoinClose } from '../api/coin.ts';
import type { DecisionChanges, DecisionFunnel } from '../api/decision-log.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import { BlockerTally } from '../core/engine/blocker-tally.ts';
import { knownVetoes } from '../core/engine/close-record.ts';
import type { NearEntry } from '../core/engine/closest.ts';
import type { PageRequest, Rows } from '../http/caller.ts';
import type { DecisionLogApi } from '../http/decision-log-api.ts';
import type { Time } from '../platform/time.ts';
import { type Store, StoreError } from '../store/store.ts';
import { changesBetween, coinClose, funnelStages, judgedCoinClose } from './close-views.ts';
import { findInstrumentId } from './coin-board.ts';
import type { TradingService } from './trading-service.ts';

const DAY_MS = 86_400_000;
/** Newest closes searched for two of one timeframe: after a change of the timeframe there is only one. */
const CHANGE_SEARCH = 2;

/** The recorded closes and the live candidates, as HTTP sees them. */
export class DecisionDesk implements DecisionLogApi {
  private readonly trading: TradingService;
  private readonly store: Store;
  private readonly time: Time;

  constructor(options: { trading: TradingService; store: Store; time: Time }) {
    this.trading = options.trading;
    this.store = options.store;
    this.time = options.time;
  }

  async coinCloses(symbol: string, page: PageRequest, judged: boolean): Promise<Rows<CoinClose> | null> {
    const id = this.find(symbol);
    if (id === null) return { rows: [], nextCursor: null };
    const { closes } = this.store;
    try {
      if (!judged) {
        const { rows, nextCursor } = await closes.ofInstrument(id, page);
        return { rows: rows.map(coinClose), nextCursor };
      }
      const { rows, nextCursor } = await closes.judgedOfInstrument(id, page);
      return { rows: rows.map(judgedCoinClose), nextCursor };
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'cursor') return null;
      throw error;
    }
  }

  async blockers(symbol: string | null, days: number): ReturnType<DecisionLogApi['blockers']> {
    const fromMs = this.time.nowMs() - days * DAY_MS;
    const id = symbol === null ? null : this.find(symbol);
    const counts =
      symbol !== null && id === null
        ? new BlockerTally().counts()
        : await this.store.closes.countBlockers(id, fromMs);
    return {
      symbol: id ?? symbol,
      fromMs,
      ...counts,
      outcomes: { ...counts.outcomes },
      blockers: [...counts.blockers],
    };
  }

  async changes(): Promise<DecisionChanges> {
    const [now, before] = await this.store.closes.newest(CHANGE_SEARCH, null);
    if (now === undefined) return { timeframe: null, closeTimeMs: null, beforeMs: null, coins: [] };
    const { timeframe, closeTimeMs } = now;
    if (before?.timeframe !== timeframe) return { timeframe, closeTimeMs, beforeMs: null, coins: [] };
    return { timeframe, closeTimeMs, beforeMs: before.closeTimeMs, coins: changesBetween(before, now) };
  }

  async funnel(untilMs: number | null): Promise<DecisionFunnel> {
    const [record] = await this.store.closes.newest(1, untilMs);
    if (record === undefined) return { close: null };
    const { timeframe, closeTimeMs, account } = record;
    const tally = new BlockerTally();
    tally.addClose(record.instruments);
    const { outcomes, blockers } = tally.counts();
    const stages = funnelStages(record);
    return {
      close: {
        timeframe,
        closeTimeMs,
        account,
        stages,
        outcomes: { ...outcomes },
        blockers: [...blockers],
      },
    };
  }

  candidates(limit: number): ReturnType<DecisionLogApi['candidates']> {
    const timeMs = this.time.nowMs();
    return { timeMs, rows: this.trading.engine.closestToEntry(limit, timeMs).map(candidateView) };
  }

  /** One that is no longer listed may still have its closes, under its full name. */
  private find(symbol: string): InstrumentId | null {
    return findInstrumentId(this.trading, symbol) ?? parseInstrumentId(symbol.toUpperCase());
  }
}

function candidateView({ facts, direction, rsi, level, distance, record }: NearEntry) {
  const { signal, refusal } = record;
  return {
    symbol: facts.instrumentId,
    direction,
    rsi,
    level,
    distance,
    signal: signal.kind,
    trend: signal.trend,
    close: signal.close,
    turnover24h: facts.turnover24h,
    dataAgeMs: record.dataAgeMs,
    outcome: record.outcome,
    blockers: knownVetoes(record).map((verdict) => ({ ...verdict })),
    refusal: refusal === null ? null : { code: refusal.code, detail: refusal.detail },
  };
}
