import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Reading } from '../core/domain/reading.ts';
import type { Exchange, Ticker } from '../exchange/exchange.ts';

/** Bases whose price is meant to stand still: RSI of a peg says nothing. */
const STABLE_BASES: ReadonlySet<string> = new Set([
  'USDC',
  'USDE',
  'USD1',
  'DAI',
  'BUSD',
  'TUSD',
  'USDP',
  'FRAX',
  'USDD',
  'FDUSD',
  'PYUSD',
  'USTC',
  'RLUSD',
]);

/** What there is to trade now. */
export interface Universe {
  /** Tradable USDT perpetuals, most liquid first, then by id. */
  readonly instruments: readonly Instrument[];
  readonly tickers: readonly Ticker[];
}

/**
 * Reads what can be traded: USDT perpetuals that trade, stable coins left out, ordered by 24 h turnover so
 * that the most liquid are scanned first. Unknown when either read is.
 */
export async function readUniverse(exchange: Exchange): Promise<Reading<Universe>> {
  const instruments = await exchange.readInstruments();
  if (instruments.kind === 'unknown') return instruments;
  const tickers = await exchange.readTickers();
  if (tickers.kind === 'unknown') return tickers;
  const tradable = instruments.value.filter(isTradable);
  return {
    kind: 'known',
    value: { instruments: byTurnover(tradable, tickers.value), tickers: tickers.value },
    asOfMs: tickers.asOfMs,
    source: `${instruments.source} ${tickers.source}`,
  };
}

/** True for a USDT perpetual that trades and whose base is no stable coin. */
function isTradable(instrument: Instrument): boolean {
  return instrument.status === 'trading' && instrument.quote === 'USDT' && !STABLE_BASES.has(instrument.base);
}

function byTurnover(instruments: readonly Instrument[], tickers: readonly Ticker[]): readonly Instrument[] {
  const turnover = new Map<InstrumentId, number>();
  for (const ticker of tickers) turnover.set(ticker.instrumentId, ticker.turnover24h);
  return [...instruments].sort((a, b) => {
    const difference = (turnover.get(b.id) ?? 0) - (turnover.get(a.id) ?? 0);
    if (difference !== 0) return difference;
    return a.id < b.id ? -1 : 1;
  });
}
