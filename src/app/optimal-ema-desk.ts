import { emaEvidenceSchema, type OptimalEma } from '../api/optimal-ema.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { OptimalEmaApi } from '../http/optimal-ema-api.ts';
import type { Job } from '../platform/scheduled-job.ts';
import type { EmaSearchRow } from '../store/store.ts';
import { findInstrumentId } from './coin-board.ts';
import type { OptimalEmaService } from './optimal-ema-service.ts';
import type { TradingService } from './trading-service.ts';

const MINUTE_MS = 60_000;
/** Stored results are put in force soon after the start, before the first candle can close. */
const FIRST_RUN_MS = 1_000;

/** The searches for pairs of averages as HTTP sees them. */
export class OptimalEmaDesk implements OptimalEmaApi {
  private readonly trading: TradingService;
  private readonly service: OptimalEmaService;

  constructor(trading: TradingService, service: OptimalEmaService) {
    this.trading = trading;
    this.service = service;
  }

  async list(): ReturnType<OptimalEmaApi['list']> {
    const rows = await this.service.list();
    return { timeframe: this.trading.engine.settings().timeframe, rows: rows.map((row) => this.view(row)) };
  }

  async of(symbol: string): ReturnType<OptimalEmaApi['of']> {
    const id = findInstrumentId(this.trading, symbol);
    return id === null ? null : this.viewOrNull(await this.service.of(id));
  }

  async search(symbol: string, force: boolean): ReturnType<OptimalEmaApi['search']> {
    const id = findInstrumentId(this.trading, symbol);
    return id === null ? null : this.viewOrNull(await this.service.search(id, force));
  }

  private viewOrNull(row: EmaSearchRow | null): OptimalEma | null {
    return row === null ? null : this.view(row);
  }

  private view(row: EmaSearchRow): OptimalEma {
    const { instrumentId, timeframe, verdict, shortLength, longLength, settingsHash, searchedMs } = row;
    const pair = shortLength === null || longLength === null ? null : { shortLength, longLength };
    return {
      symbol: instrumentId,
      timeframe,
      verdict,
      pair,
      inForce: pair !== null && verdict === 'better' && this.isInForce(instrumentId as InstrumentId, pair),
      settingsHash,
      searchedMs,
      evidence: emaEvidenceSchema.parse(JSON.parse(row.evidenceJson)),
    };
  }

  private isInForce(id: InstrumentId, pair: NonNullable<OptimalEma['pair']>): boolean {
    const { trendEmaShortLength, trendEmaLongLength } = this.trading.engine.settings(id).signal;
    return trendEmaShortLength === pair.shortLength && trendEmaLongLength === pair.longLength;
  }
}

/** The search in the background: stale results are searched again, some a minute. */
export function optimalEmaJob(service: OptimalEmaService): Job {
  return {
    name: 'optimal-ema',
    intervalMs: MINUTE_MS,
    jitterRate: 0.1,
    firstDelayMs: FIRST_RUN_MS,
    timeoutMs: MINUTE_MS,
    run: (signal) => service.searchStale(signal),
  };
}
