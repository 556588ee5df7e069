import { canonicalId, parseBase } from '../../core/domain/exchange-name.ts';
import type { Instrument, InstrumentId } from '../../core/domain/instrument.ts';

/** Our names for an exchange symbol: an instrument we may hold, a contract of another kind, or nothing we can name. */
export type SymbolMeaning =
  | { readonly kind: 'ours'; readonly id: InstrumentId }
  | { readonly kind: 'other-contract' }
  | { readonly kind: 'unreadable' };

const SETTLE_COIN = 'USDT';
/** A dated contract: `BTCUSDT-04APR25`, `BTC-26DEC25`. */
const DATED = /^[A-Z0-9]+-[A-Z0-9-]+$/;
const PERPETUAL = /^([A-Z0-9]+)USDT$/;

/** Instruments by the exchange's spelling. Once seen they stay: a position may outlive its listing. */
export class InstrumentRegistry {
  private readonly bySymbol = new Map<string, Instrument>();
  private readonly others = new Set<string>();

  learn(instruments: readonly Instrument[], otherSymbols: readonly string[]): void {
    for (const instrument of instruments) this.bySymbol.set(instrument.exchangeSymbol, instrument);
    for (const symbol of otherSymbols) this.others.add(symbol);
  }

  get empty(): boolean {
    return this.bySymbol.size === 0;
  }

  get(symbol: string): Instrument | null {
    return this.bySymbol.get(symbol) ?? null;
  }

  /**
   * What a symbol of an account's list stands for. Accounts are read by settlement coin, so a symbol no list
   * has shown (a perpetual that was delisted before we started) still has one possible reading: its base and
   * the settlement coin. It is never left out for being unlisted.
   */
  meaningOf(symbol: string): SymbolMeaning {
    const known = this.bySymbol.get(symbol);
    if (known !== undefined) return { kind: 'ours', id: known.id };
    if (this.others.has(symbol) || DATED.test(symbol)) return { kind: 'other-contract' };
    const base = PERPETUAL.exec(symbol)?.[1];
    const id = base === undefined ? null : canonicalId(parseBase(base), SETTLE_COIN);
    return id === null ? { kind: 'unreadable' } : { kind: 'ours', id };
  }
}
