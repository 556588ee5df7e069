import type { CandleSeries } from '../domain/candle-series.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import type { EntrySeries } from './entry-readings.ts';
import type { FilterSettings } from './settings.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'quarantine';
const OFF = pass(FILTER, 'filter.quarantine.off', NOTHING);
const PASS = pass(FILTER, 'filter.quarantine.pass', { value: 0, threshold: 0, margin: 0, unit: 'ms' });

/**
 * Vetoes an instrument whose data cannot be trusted: `quarantineFaultsMin` faults within `quarantineCandles`
 * candles keep it out until `quarantineWaitCandles` candles after the newest of them. A fault is a candle
 * that was refused (one missing before it, or impossible prices), or one that opened far from the close
 * before it. Value: ms still to wait.
 */
export function quarantine({ settings, market, timeframe, timeMs }: EntryContext): Verdict {
  if (!settings.quarantineEnabled) return OFF;
  const faultsMs = faultTimes(market.scan, settings);
  const value = Math.max(0, releaseMs(faultsMs, timeframeMs(timeframe), settings) - timeMs);
  return value <= 0
    ? PASS
    : veto(FILTER, 'filter.quarantine.waiting', { value, threshold: 0, margin: -value, unit: 'ms' });
}

function faultTimes({ candles, faultsMs }: EntrySeries, settings: FilterSettings): readonly number[] {
  const jumps = jumpsMs(candles, settings);
  return jumps === null ? faultsMs : [...faultsMs, ...jumps].sort((a, b) => a - b);
}

/** End of the wait after the newest series of faults that earned one; 0 without such a series. */
function releaseMs(faultsMs: readonly number[], stepMs: number, settings: FilterSettings): number {
  const { quarantineFaultsMin, quarantineCandles, quarantineWaitCandles } = settings;
  for (let newest = faultsMs.length - 1; newest >= quarantineFaultsMin - 1; newest -= 1) {
    const lastMs = faultsMs[newest] ?? 0;
    const firstMs = faultsMs[newest - quarantineFaultsMin + 1] ?? 0;
    if (lastMs - firstMs <= quarantineCandles * stepMs) return lastMs + quarantineWaitCandles * stepMs;
  }
  return 0;
}

/** Open times of the candles that opened too far from the close before, as far back as they can matter; null for none. */
function jumpsMs(series: CandleSeries, settings: FilterSettings): number[] | null {
  const lookBack = settings.quarantineCandles + settings.quarantineWaitCandles;
  const jumpRate = settings.quarantineJumpPct / 100;
  let found: number[] | null = null;
  for (let row = Math.max(1, series.length - lookBack); row < series.length; row += 1) {
    const before = series.closeAt(row - 1);
    const jump = Math.abs(series.openAt(row) - before);
    if (!(jump <= jumpRate * before)) found = [...(found ?? []), series.at(row).openTimeMs];
  }
  return found;
}
