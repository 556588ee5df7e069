import type { InstrumentId } from './instrument.ts';
import { parseInstrumentId } from './instrument.ts';

/** What a contract is quoted in; a name that ends in one is whole. */
const QUOTES = ['USDT', 'USDC'] as const;
const USUAL_QUOTE = 'USDT';

/** The instrument a person means by `btc`, `BTC`, `BTC/USDT` or `BTCUSDT`; null when it can be no name. */
export function instrumentIdOf(typed: string): InstrumentId | null {
  return parseInstrumentId(wholeName(typed));
}

/** A typed name in our spelling, upper case and with its quote; what can be no name stays refusable. */
export function wholeName(typed: string): string {
  const name = typed.trim().toUpperCase().replace(/[/_-]/, '');
  const whole = QUOTES.some((quote) => name.endsWith(quote) && name.length > quote.length);
  return whole || name === '' ? name : `${name}${USUAL_QUOTE}`;
}
