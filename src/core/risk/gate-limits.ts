import { type CeilingName, underCeiling } from './ceilings.ts';
import type { RiskSettings } from './settings.ts';

/** What the gate holds entries to: what is set, never beyond the ceilings. */
export type GateLimits = Readonly<Record<Exclude<CeilingName, 'leverage'>, number>> & {
  readonly lossWaitMinutes: number;
};

/** The settings in force as the gate reads them: whatever they say, the ceilings stand. */
export function gateLimits(risk: RiskSettings): GateLimits {
  const of = (name: Exclude<CeilingName, 'leverage'>): number => underCeiling(name, risk[name]);
  return {
    orderNotionalUsdtMax: of('orderNotionalUsdtMax'),
    instrumentNotionalUsdtMax: of('instrumentNotionalUsdtMax'),
    exposurePctMax: of('exposurePctMax'),
    ordersPerSecondMax: of('ordersPerSecondMax'),
    ordersPerMinuteMax: of('ordersPerMinuteMax'),
    ordersPerDayMax: of('ordersPerDayMax'),
    priceBandPctMax: of('priceBandPctMax'),
    dailyLossPctMax: of('dailyLossPctMax'),
    rollingLossPctMax: of('rollingLossPctMax'),
    lossWaitMinutes: risk.lossWaitMinutes,
  };
}
