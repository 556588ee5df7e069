import type { Decision } from './decision.ts';
import type { CandleClosed } from './event.ts';
import { explainNow, explainOnce } from './explain.ts';
import { guardByCandle } from './guard.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { type EngineState, notify } from './state.ts';
import type { StreamedSeries } from './streamed-series.ts';
import { tendLadders } from './tend-ladder.ts';

/** No decisions: shared, so that the common case allocates nothing. */
export const NO_DECISIONS: readonly Decision[] = [];

/**
 * Judges the candle a series has just taken, at the time of the state: entries on the scanned series alone, the RSI
 * exit on the position's own. False for `looks` leaves out to say why there is no entry beside a position.
 */
export function decideOnCandle(
  state: EngineState,
  market: InstrumentMarket,
  series: StreamedSeries,
  looks = true,
): readonly Decision[] {
  const { id } = market.instrument;
  const position = state.positions.size === 0 ? undefined : state.positions.get(id);
  if (position === undefined && !series.atExtreme) return NO_DECISIONS;
  const out: Decision[] = [];
  const scanned = looks && series === market.scan && series.atExtreme;
  const record = scanned ? explainNow(state, market, state.timeMs) : null;
  if (record !== null && record.signal.kind !== 'wait') explainOnce(market, record, out);
  if (position !== undefined) {
    guardByCandle(state, position, series, out);
    tendLadders(state, out);
  }
  return out.length === 0 ? NO_DECISIONS : out;
}

/** Tells of a candle that was not taken: one before it is missing, or its prices are impossible. */
export function refusedCandle({ instrumentId, candle }: CandleClosed, intake: 'gap' | 'unsound'): Decision {
  const detail = { openTimeMs: candle.openTimeMs };
  const message =
    intake === 'gap'
      ? `Candles of ${instrumentId} are missing; it waits for its history.`
      : `A candle of ${instrumentId} with impossible prices was refused.`;
  const code = intake === 'gap' ? 'engine.candle.gap' : 'engine.candle.unsound';
  return notify('warning', code, { instrumentId, message, detail });
}
