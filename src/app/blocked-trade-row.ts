import type { BlockedCandidate } from '../backtest/filter-worth/blocked-candidates.ts';
import type { SoloTrade } from '../backtest/filter-worth/solo-trade.ts';
import { assert } from '../core/base/assert.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type { BlockedSignal, BlockedTradeRow } from '../store/filter-worth-log.ts';

/** What a blocked entry would have made, and what that was computed under. */
export interface Priced {
  /** Null when it could not have been entered. */
  readonly trade: SoloTrade | null;
  readonly pricedMs: number;
  readonly settingsHash: string;
}

/** A priced entry as it is stored. */
export function blockedTradeRow(
  { instrumentId, timeMs, direction, filters }: BlockedCandidate,
  { trade, pricedMs, settingsHash }: Priced,
  timeframe: Timeframe,
): BlockedTradeRow {
  return {
    instrumentId,
    timeframe,
    timeMs,
    direction,
    filtersJson: JSON.stringify(filters),
    settingsHash,
    pricedMs,
    tradeJson: trade === null ? null : JSON.stringify(trade),
  };
}

/** Reads what `blockedTradeRow` made. */
export function readBlockedTrade(row: BlockedTradeRow): {
  readonly candidate: BlockedCandidate;
  readonly priced: Priced;
} {
  const { timeMs, direction, filtersJson, settingsHash, pricedMs, tradeJson } = row;
  assert(direction === 'long' || direction === 'short', 'A blocked entry has a direction.');
  const filters = JSON.parse(filtersJson) as readonly string[];
  const trade = tradeJson === null ? null : (JSON.parse(tradeJson) as SoloTrade);
  return {
    candidate: { instrumentId: idOf(row.instrumentId), direction, timeMs, filters },
    priced: { trade, pricedMs, settingsHash },
  };
}

/** The signal a key of `signalKey` names. */
export function signalOf(key: string, timeframe: Timeframe): BlockedSignal {
  const [instrumentId = '', timeMs = ''] = key.split(' ');
  return { instrumentId, timeframe, timeMs: Number(timeMs) };
}

function idOf(text: string): InstrumentId {
  const id = parseInstrumentId(text);
  assert(id !== null, 'A blocked entry is of an instrument of ours.');
  return id;
}
