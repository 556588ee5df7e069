import { decimal } from '../core/base/decimal.ts';
import type { CandleColumns } from '../core/domain/candle-file.ts';
import { canonicalId, parseBase } from '../core/domain/exchange-name.ts';
import { type Instrument, parseExchangeSymbol } from '../core/domain/instrument.ts';

const QUOTE_CURRENCY = 'USDT';
/** Smallest order of the exchanges we trade on, USDT. */
const NOTIONAL_MIN = 5;
/** What most instruments allow at least; the product's own ceiling, too. */
const LEVERAGE_MAX = 25;
/** Most that one market order may hold, USDT. */
const MARKET_NOTIONAL_MAX = 1e6;
const FUNDING_INTERVAL_MS = 28_800_000;

/**
 * The trading rules of a recorded instrument: tick and step are the finest decimals its file is written with, the
 * rest is what exchanges usually ask. Null for a name that is no instrument against USDT.
 */
export function pastInstrument(name: string, columns: CandleColumns): Instrument | null {
  const spelt = name.endsWith(QUOTE_CURRENCY) ? name.slice(0, -QUOTE_CURRENCY.length) : '';
  const exchangeSymbol = parseExchangeSymbol(name);
  const base = parseBase(spelt);
  const id = canonicalId(base, QUOTE_CURRENCY);
  if (spelt === '' || exchangeSymbol === null || id === null) return null;
  const quantityStep = decimal(10).pow(-columns.volumeDecimals);
  const price = columns.close[0] ?? 1;
  const steps = decimal(MARKET_NOTIONAL_MAX / price)
    .dividedBy(quantityStep)
    .ceil();
  return {
    id,
    exchangeSymbol,
    base: base.base,
    multiplier: base.multiplier,
    quote: QUOTE_CURRENCY,
    status: 'trading',
    tickSize: decimal(10).pow(-columns.priceDecimals),
    quantityStep,
    quantityMin: quantityStep,
    marketQuantityMax: steps.times(quantityStep),
    notionalMin: decimal(NOTIONAL_MIN),
    leverageMax: LEVERAGE_MAX,
    launchTimeMs: columns.firstOpenMs,
    deliveryTimeMs: null,
    fundingIntervalMs: FUNDING_INTERVAL_MS,
  };
}
