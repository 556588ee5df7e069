import { nearestName } from '../../core/base/nearest-name.ts';
import type { TradingFloor } from '../trading-floor.ts';

/** What is wrong with the symbol or the account a fault was asked for, in a sentence; null when the venue knows both. */
export function unknownName(params: unknown, floor: TradingFloor): string | null {
  const { symbol = '', uid } = named(params);
  const uids = floor.accounts().map((account) => account.uid);
  if (symbol !== '' && !floor.spellings().has(symbol)) {
    return `symbol: no instrument is called ${symbol}${meant(symbol, floor.spellings())}`;
  }
  if (uid !== undefined && !uids.includes(uid)) return `uid: there is no account ${uid}${meant(uid, uids)}`;
  return null;
}

function named(params: unknown): { readonly symbol?: string; readonly uid?: string } {
  if (typeof params !== 'object' || params === null) return {};
  return {
    ...('symbol' in params && typeof params.symbol === 'string' ? { symbol: params.symbol } : {}),
    ...('uid' in params && typeof params.uid === 'string' ? { uid: params.uid } : {}),
  };
}

function meant(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates);
  return nearest === null ? '' : `; the nearest is ${nearest}`;
}
