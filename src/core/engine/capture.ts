import type { CandleSeries } from '../domain/candle-series.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import {
  type EngineSnapshot,
  type InstrumentMarketSnapshot,
  SNAPSHOT_VERSION,
  type TradingSnapshot,
} from './snapshot.ts';
import { writeMarket, writeTrading } from './snapshot-write.ts';
import type { EngineState } from './state.ts';

/** One instrument's market of a capture. */
export interface CapturedMarket {
  /** Without candles. */
  readonly snapshot: InstrumentMarketSnapshot;
  /** They stay what they are whatever the engine takes after. */
  readonly scan: CandleSeries;
  readonly held: CandleSeries | null;
}

/**
 * All of the engine between two steps, switches included, in a few milliseconds: candles are shared and not copied.
 * `resumable` makes a snapshot of it with which the very next step is the same.
 */
export interface EngineCapture {
  readonly trading: TradingSnapshot;
  readonly running: NonNullable<EngineSnapshot['running']>;
  readonly feed: Pick<EngineState, 'feedLost' | 'quotesGiven' | 'fundingGiven'>;
  readonly markets: readonly CapturedMarket[];
}

/** What an engine knows and does now. */
export function captureOf(state: EngineState): EngineCapture {
  const { feedLost, quotesGiven, fundingGiven, entriesAllowed } = state;
  return {
    trading: writeTrading(state),
    running: { entriesAllowed },
    feed: { feedLost, quotesGiven, fundingGiven },
    markets: [...state.markets.values()].map(captureMarket),
  };
}

/** The snapshot from which an engine goes on as the captured one did. */
export function resumable(
  { trading, running, feed }: Omit<EngineCapture, 'markets'>,
  instruments: readonly InstrumentMarketSnapshot[],
): EngineSnapshot {
  return { version: SNAPSHOT_VERSION, trading, running, market: { ...feed, instruments: [...instruments] } };
}

function captureMarket(market: InstrumentMarket): CapturedMarket {
  const { scan, held } = market;
  return {
    snapshot: writeMarket(market, () => []),
    scan: scan.candles.shared(),
    held: held?.candles.shared() ?? null,
  };
}
