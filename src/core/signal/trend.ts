import { assert } from '../base/assert.ts';
import { type EmaPairSnapshot, EmaPairTrend } from './ema-pair-trend.ts';
import { type PriceActionSnapshot, PriceActionTrend } from './price-action-trend.ts';
import type { SignalSettings } from './settings.ts';

/** A trend that streams from close to close, by either method. */
export type StreamedTrend = PriceActionTrend | EmaPairTrend;

/** What a streaming trend carries; plain JSON. */
export type TrendSnapshot = PriceActionSnapshot | EmaPairSnapshot;

/** What the method of a trend and its windows depend on. */
const TREND_KEYS = [
  'trendMethod',
  'trendLength',
  'trendChangePct',
  'trendSharePct',
  'trendEmaShortLength',
  'trendEmaLongLength',
  'trendConfirmCandles',
] as const satisfies readonly (keyof SignalSettings)[];

/** The trend of the method that the settings name, before its first close. */
export function streamTrend(settings: SignalSettings): StreamedTrend {
  return settings.trendMethod === 'ema-pair' ? new EmaPairTrend(settings) : new PriceActionTrend(settings);
}

/** Puts a trend back where a snapshot of the same method left it; stops on one of the other. */
export function restoreTrend(trend: StreamedTrend, stored: TrendSnapshot): void {
  const ofAverages = 'long' in stored;
  assert(ofAverages === trend instanceof EmaPairTrend, 'A trend goes on from one of its own method.');
  if (trend instanceof EmaPairTrend) {
    if (ofAverages) trend.restore(stored);
  } else if (!ofAverages) trend.restore(stored);
}

/** True when a trend by one can go on under the other. */
export function isSameTrend(a: SignalSettings, b: SignalSettings): boolean {
  return TREND_KEYS.every((key) => a[key] === b[key]);
}
