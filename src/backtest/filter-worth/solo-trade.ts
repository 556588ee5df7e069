import { ensure } from '../../core/base/assert.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import type { InstrumentPatch } from '../../core/engine/settings.ts';
import { walkPast } from '../backtest.ts';
import type { BacktestRequest } from '../backtest-request.ts';
import type { PastInstrument } from '../past-market.ts';
import type { BlockedCandidate } from './blocked-candidates.ts';

/** The trade that would have followed a blocked entry. */
export interface SoloTrade {
  /** After fees and funding. */
  readonly pnlUsdt: number;
  /** Value at entry, USDT. */
  readonly notionalUsdt: number;
  /** Its exit, or the end of the candles, ms UTC. */
  readonly endMs: number;
  /** True when the candles ended before it did: its result is at the last price. */
  readonly isOpen: boolean;
}

/**
 * Prices blocked entries by the walk that trades: the instrument alone, one entry by command at the close it was
 * blocked at. Each is priced once, however many filters ask.
 */
export class SoloTrades {
  private readonly request: BacktestRequest;
  private readonly pasts: ReadonlyMap<InstrumentId, PastInstrument>;
  private readonly priced = new Map<BlockedCandidate, SoloTrade | null>();

  constructor({ onProgress: _progress, observe: _observe, ...request }: BacktestRequest) {
    this.request = request;
    this.pasts = new Map(request.market.instruments.map((past) => [past.instrument.id, past] as const));
  }

  /** Null when it could not have been entered. */
  of(candidate: BlockedCandidate): SoloTrade | null {
    const known = this.priced.get(candidate);
    if (known !== undefined) return known;
    const past = this.pasts.get(candidate.instrumentId);
    const { market } = this.request;
    const alone = ensure(past, `${candidate.instrumentId} is in the market it was blocked in.`);
    const trade = soloTrade({ ...this.request, market: { ...market, instruments: [alone] } }, candidate);
    this.priced.set(candidate, trade);
    return trade;
  }
}

/** Walks a market of the candidate's instrument alone. Null when it could not have been entered. */
export function soloTrade(request: BacktestRequest, candidate: BlockedCandidate): SoloTrade | null {
  const { instrumentId, direction, timeMs } = candidate;
  const own = request.instruments.get(instrumentId);
  const { walk, span } = walkPast({
    ...request,
    instruments: new Map<InstrumentId, InstrumentPatch>(own === undefined ? [] : [[instrumentId, own]]),
    fromMs: timeMs - timeframeMs(request.market.timeframe),
    entry: { instrumentId, direction, timeMs },
  });
  const [open] = walk.exchange.openPositions();
  const last = walk.tally.trades.at(-1);
  const pnlUsdt = walk.exchange.exactEquity().minus(request.options.equityUsdt).toNumber();
  if (open !== undefined) {
    return { pnlUsdt, notionalUsdt: open.entryValue.toNumber(), isOpen: true, endMs: span.toMs };
  }
  if (last === undefined) return null;
  const notionalUsdt = Number(last.quantity) * Number(last.entryPrice);
  return { pnlUsdt, notionalUsdt, isOpen: false, endMs: last.closedMs };
}
