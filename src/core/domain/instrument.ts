import type { Brand } from '../base/brand.ts';
import type { Decimal } from '../base/decimal.ts';

/** Our name of what is traded: multiplier + base + quote, upper case, e.g. `BTCUSDT`, `1000SHIBUSDT`. */
export type InstrumentId = Brand<string, 'InstrumentId'>;
/** The exchange's own spelling, e.g. Bybit's `SHIB1000USDT`. Used on the wire only. */
export type ExchangeSymbol = Brand<string, 'ExchangeSymbol'>;

/** Where an instrument stands in its life; only `trading` admits entries. */
export type InstrumentStatus = 'pre-launch' | 'trading' | 'delivering' | 'closed';

/** A linear perpetual and its trading rules. Quantities in base units, prices and notionals in quote currency. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly exchangeSymbol: ExchangeSymbol;
  /** Base currency without its multiplier: `SHIB` for `1000SHIBUSDT`. */
  readonly base: string;
  /** How many base units one traded unit holds; 1 for most. */
  readonly multiplier: number;
  readonly quote: string;
  readonly status: InstrumentStatus;
  readonly tickSize: Decimal;
  readonly quantityStep: Decimal;
  readonly quantityMin: Decimal;
  /** Upper bound of one market order. */
  readonly marketQuantityMax: Decimal;
  readonly notionalMin: Decimal;
  readonly leverageMax: number;
  readonly launchTimeMs: number;
  /** Announced delisting; null while none is. */
  readonly deliveryTimeMs: number | null;
  readonly fundingIntervalMs: number;
}

/** Null unless `text` is 2-40 upper-case letters and digits. */
export function parseInstrumentId(text: string): InstrumentId | null {
  return /^[A-Z0-9]{2,40}$/.test(text) ? (text as InstrumentId) : null;
}

/** Null unless `text` is 2-40 letters, digits, dashes or underscores. */
export function parseExchangeSymbol(text: string): ExchangeSymbol | null {
  return /^[A-Za-z0-9_-]{2,40}$/.test(text) ? (text as ExchangeSymbol) : null;
}
