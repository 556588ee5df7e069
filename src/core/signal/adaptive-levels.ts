import type { SignalSettings } from './settings.ts';

/** What moves the thresholds, and from where. */
export type AdaptiveRule = Pick<
  SignalSettings,
  | 'rsiLongMax'
  | 'rsiShortMin'
  | 'rsiExtremeLow'
  | 'rsiExtremeHigh'
  | 'adaptiveHighVolatilityRate'
  | 'adaptiveLowVolatilityRate'
  | 'adaptiveStricterRsi'
  | 'adaptiveLaxerRsi'
>;

/** Thresholds as volatility has moved them, RSI points. */
export interface AdaptiveLevels {
  readonly longMax: number;
  readonly shortMin: number;
}

/** RSI points of a market that goes nowhere: laxer thresholds end here. */
const MIDDLE_RSI = 50;

/**
 * The thresholds of the settings, moved by volatility (1 is usual): apart in high volatility, though never beyond
 * the extremes, and towards the middle in low. What the settings hold is where they start, so a person's own
 * thresholds keep their meaning.
 */
export function adaptiveLevels(volatilityRate: number, rule: AdaptiveRule): AdaptiveLevels {
  const { rsiLongMax: longMax, rsiShortMin: shortMin } = rule;
  if (volatilityRate > rule.adaptiveHighVolatilityRate) {
    const by = rule.adaptiveStricterRsi;
    return {
      longMax: Math.min(longMax, Math.max(longMax - by, rule.rsiExtremeLow)),
      shortMin: Math.max(shortMin, Math.min(shortMin + by, rule.rsiExtremeHigh)),
    };
  }
  if (volatilityRate < rule.adaptiveLowVolatilityRate) {
    const by = rule.adaptiveLaxerRsi;
    return {
      longMax: Math.min(longMax + by, MIDDLE_RSI),
      shortMin: Math.max(shortMin - by, MIDDLE_RSI),
    };
  }
  return { longMax, shortMin };
}
