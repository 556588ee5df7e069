/** A bound that is part of the program: no setting, no environment and no command can loosen it. */
export interface Ceiling {
  readonly max: number;
  /** Of the value, for a person. */
  readonly unit: string;
  /** Why it is where it is; a part of a sentence. */
  readonly reason: string;
}

/**
 * Every bound the gate holds orders to, by the setting that may tighten it. What a setting says beyond it is refused
 * when it is set, and cut to it where an older version stored it.
 */
export const CEILINGS = {
  orderNotionalUsdtMax: {
    max: 100_000,
    unit: 'USDT',
    reason: 'one market order of more would move the books of all but a few perpetuals by itself',
  },
  instrumentNotionalUsdtMax: {
    max: 200_000,
    unit: 'USDT',
    reason: 'a stop of more on one perpetual fills far from its price',
  },
  exposurePctMax: {
    max: 500,
    unit: '% of equity',
    reason: 'beyond it a move of 20 % against all positions is more than the account',
  },
  leverage: {
    max: 25,
    unit: '',
    reason: 'beyond it liquidation stands nearer than a stop has room for',
  },
  ordersPerSecondMax: {
    max: 10,
    unit: 'orders',
    reason: 'the exchange takes ten placements a second of an account, and nothing here needs more',
  },
  ordersPerMinuteMax: {
    max: 300,
    unit: 'orders',
    reason: 'a ladder of ten orders on each of thirty instruments; more in a minute is a runaway',
  },
  ordersPerDayMax: {
    max: 10_000,
    unit: 'orders',
    reason: 'more in a day pays more in fees than entries bring',
  },
  priceBandPctMax: {
    max: 25,
    unit: '%',
    reason: 'a price farther from the mark is another price, and a stop set from it guards nothing',
  },
  dailyLossPctMax: {
    max: 50,
    unit: '% of equity',
    reason: 'a limit of more is none',
  },
  rollingLossPctMax: {
    max: 50,
    unit: '% of equity',
    reason: 'a limit of more is none',
  },
} as const satisfies Readonly<Record<string, Ceiling>>;

/** A setting that has a ceiling. */
export type CeilingName = keyof typeof CEILINGS;

/** Why a setting beyond its ceiling is refused, a sentence. */
export function ceilingText(name: CeilingName): string {
  const { max, unit, reason } = CEILINGS[name];
  const bound = `${max} ${unit}`.trimEnd();
  return `Its ceiling is ${bound}, which is part of the program and can only be tightened: ${reason}.`;
}

/** A value cut to its ceiling. What is no number is cut to nothing. */
export function underCeiling(name: CeilingName, value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(value, CEILINGS[name].max);
}
