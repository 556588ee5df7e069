import type { InstrumentId } from '../domain/instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { settingsOf } from './own-settings.ts';
import type { EngineState } from './state.ts';

/**
 * Has an instrument followed on the scanned timeframe and, while a position of ours is on its way or open there, on
 * the position's own. Called whenever either may have changed.
 */
export function followSeries(state: EngineState, market: InstrumentMarket): void {
  const held = state.positions.get(market.instrument.id)?.entry.timeframe ?? null;
  const { timeframe, signal } = settingsOf(state, market.instrument.id);
  market.follow(timeframe, held, signal);
}

/** The same for an instrument by its id; one not known has nothing to follow. */
export function followSeriesOf(state: EngineState, instrumentId: InstrumentId): void {
  const market = state.markets.get(instrumentId);
  if (market !== undefined) followSeries(state, market);
}
