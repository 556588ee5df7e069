import type { Verdict } from '../domain/verdict.ts';
import { HISTORY_CANDLES_MIN } from './data-freshness.ts';
import type { CandleFacts, EntryContext } from './entry-context.ts';
import type { FilterSettings } from './settings.ts';
import { pass, veto } from './verdict-maker.ts';

const FILTER = 'maturity';

/** Vetoes an instrument too young to have shown enough candles and both ends of RSI. */
export function maturity({ candles, settings }: EntryContext): Verdict {
  return settings.maturityEnabled
    ? judge(candles, settings)
    : pass(FILTER, 'filter.maturity.off', { value: candles.shown, unit: 'candles' });
}

/** True when an instrument is mature by these settings, whether or not the filter is switched on. */
export function isMature(candles: CandleFacts, settings: FilterSettings): boolean {
  return judge(candles, settings).kind === 'pass';
}

/** Closed candles an instrument must have shown before the chain can let an entry pass: with fewer it vetoes for sure. */
export function candlesBeforeEntry({ maturityEnabled, maturityCandlesMin }: FilterSettings): number {
  return Math.max(HISTORY_CANDLES_MIN, maturityEnabled ? maturityCandlesMin : 0);
}

/** Conditions are written so that a number that is none fails them. */
function judge(candles: CandleFacts, settings: FilterSettings): Verdict {
  const { shown, rsiMin, rsiMax } = candles;
  const { maturityCandlesMin, maturityRsiLowMax, maturityRsiHighMin } = settings;
  const young = { value: shown, threshold: maturityCandlesMin, margin: shown - maturityCandlesMin };
  if (!(shown >= maturityCandlesMin)) {
    return veto(FILTER, 'filter.maturity.too-young', { ...young, unit: 'candles' });
  }
  if (rsiMin === null || !(rsiMin <= maturityRsiLowMax)) {
    const margin = rsiMin === null ? null : maturityRsiLowMax - rsiMin;
    const low = { value: rsiMin, threshold: maturityRsiLowMax, margin, unit: 'RSI' };
    return veto(FILTER, 'filter.maturity.low-unseen', low);
  }
  if (rsiMax === null || !(rsiMax >= maturityRsiHighMin)) {
    const margin = rsiMax === null ? null : rsiMax - maturityRsiHighMin;
    const high = { value: rsiMax, threshold: maturityRsiHighMin, margin, unit: 'RSI' };
    return veto(FILTER, 'filter.maturity.high-unseen', high);
  }
  return pass(FILTER, 'filter.maturity.pass', { ...young, unit: 'candles' });
}
