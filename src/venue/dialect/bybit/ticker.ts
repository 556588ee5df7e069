import type { Instrument } from '../../../core/domain/instrument.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { tickerRow } from './market-row.ts';

/** The ticker of an instrument now, all text; null when it is not quoted. */
export function tickerOf(floor: TradingFloor, instrument: Instrument): Record<string, string> | null {
  const quote = floor.market.quote(instrument.id);
  if (quote === null) return null;
  return tickerRow(quote, instrument, {
    openInterest: floor.openInterest(instrument.id).toNumber(),
    price1hAgo: floor.hourOpen(instrument.id) ?? quote.lastPrice,
  });
}
