import { EmaPairTrend } from '../signal/ema-pair-trend.ts';
import type { StreamedSeries } from './streamed-series.ts';

/**
 * What the indicators of a series say besides RSI and trend; null in warm-up, and where the trend is read by the other
 * method.
 */
export interface IndicatorsAtClose {
  /** The two averages of the trend, quote currency. */
  readonly emaShort: number | null;
  readonly emaLong: number | null;
  /** Of the trend by price action: change over its window, and the steps of it that rose and that fell, %. */
  readonly trendChangePct: number | null;
  readonly trendRisePct: number | null;
  readonly trendFallPct: number | null;
  /** Mean true range in % of the close, and how it compares with what is usual: 1. */
  readonly atrPct: number | null;
  readonly volatilityRate: number | null;
}

/** Without a candle. */
export const NO_INDICATORS: IndicatorsAtClose = {
  emaShort: null,
  emaLong: null,
  trendChangePct: null,
  trendRisePct: null,
  trendFallPct: null,
  atrPct: null,
  volatilityRate: null,
};

/** Numbers that are there already: nothing is computed from candles. */
export function indicatorsAtClose({ trend, volatility }: StreamedSeries): IndicatorsAtClose {
  const moment = volatility.value;
  const measured = { atrPct: moment?.atrPct ?? null, volatilityRate: moment?.rate ?? null };
  return trend instanceof EmaPairTrend
    ? { ...NO_INDICATORS, ...measured, emaShort: trend.averages.short, emaLong: trend.averages.long }
    : { ...NO_INDICATORS, ...measured, ...trend.reading };
}
