import { type Decimal, decimal, decimalText } from '../core/base/decimal.ts';
import { CEILINGS, type CeilingName } from '../core/risk/ceilings.ts';
import type { Paces } from '../core/risk/gate-entry.ts';
import type { GateLimits } from '../core/risk/gate-limits.ts';
import { dailyLoss, type Loss, type LossFacts, rollingLoss } from '../core/risk/gate-loss.ts';

/** A limit of the gate as a person sees it. Amounts as exact decimal text. */
export interface GateRow {
  /** The setting that tightens it. */
  readonly name: CeilingName;
  readonly unit: string;
  /** Part of the program. */
  readonly ceiling: string;
  /** In force, never beyond the ceiling; null: each order brings its own. */
  readonly configured: string | null;
  /** What stands against it now; null: not known, or measured of each order alone. */
  readonly value: string | null;
  /** What is left of it, in the unit of the value; null without a value. */
  readonly headroom: string | null;
  /** Orders it has refused in this process. */
  readonly refusals: number;
  /** When it refused last; null: not in this process. */
  readonly refusedMs: number | null;
}

/** What the limits are measured against. */
interface Measured {
  readonly limits: GateLimits;
  readonly paces: Paces;
  readonly facts: LossFacts | null;
  readonly equity: Decimal | null;
  /** Null: not known. */
  readonly exposure: Decimal | null;
  /** Value of the instrument of which most is held, USDT; null: not known. */
  readonly instrumentNotional: Decimal | null;
}

const CODES: Readonly<Record<CeilingName, string>> = {
  orderNotionalUsdtMax: 'gate.order.notional',
  instrumentNotionalUsdtMax: 'gate.position.notional',
  exposurePctMax: 'gate.account.exposure',
  leverage: 'gate.leverage.above',
  ordersPerSecondMax: 'gate.pace.second',
  ordersPerMinuteMax: 'gate.pace.minute',
  ordersPerDayMax: 'gate.pace.day',
  priceBandPctMax: 'gate.price.band',
  dailyLossPctMax: 'gate.loss.daily',
  rollingLossPctMax: 'gate.loss.rolling',
};

/** How often each rule has refused, and when last. */
export class RefusalTally {
  private readonly rows = new Map<string, { count: number; lastMs: number }>();

  note(code: string, nowMs: number): void {
    this.rows.set(code, { count: (this.rows.get(code)?.count ?? 0) + 1, lastMs: nowMs });
  }

  of(code: string): { readonly count: number; readonly lastMs: number | null } {
    return this.rows.get(code) ?? { count: 0, lastMs: null };
  }

  /** Every rule that has refused. */
  counts(): readonly { readonly code: string; readonly count: number }[] {
    return [...this.rows].map(([code, { count }]) => ({ code, count }));
  }
}

/** Every limit that has a ceiling. */
export function gateRows(measured: Measured, refusals: RefusalTally): readonly GateRow[] {
  const values = valuesOf(measured);
  return (Object.keys(CEILINGS) as CeilingName[]).map((name) => {
    const { max, unit } = CEILINGS[name];
    const configured = name === 'leverage' ? null : measured.limits[name];
    const value = values[name] ?? null;
    const { count, lastMs } = refusals.of(CODES[name]);
    return {
      ...{ name, unit, ceiling: String(max), configured: configured === null ? null : String(configured) },
      value: value === null ? null : decimalText(value),
      headroom: value === null || configured === null ? null : decimalText(decimal(configured).minus(value)),
      ...{ refusals: count, refusedMs: lastMs },
    };
  });
}

function valuesOf({
  limits,
  paces,
  facts,
  equity,
  exposure,
  instrumentNotional,
}: Measured): Partial<Record<CeilingName, Decimal | null>> {
  const daily = equity === null ? null : dailyLoss(facts, equity, limits.dailyLossPctMax);
  const rolling = equity === null ? null : rollingLoss(facts, equity, limits.rollingLossPctMax);
  return {
    instrumentNotionalUsdtMax: instrumentNotional,
    exposurePctMax: equity?.greaterThan(0) === true && exposure !== null ? pct(exposure, equity) : null,
    ordersPerSecondMax: decimal(paces.second),
    ordersPerMinuteMax: decimal(paces.minute),
    ordersPerDayMax: decimal(paces.day),
    dailyLossPctMax: lossPct(daily, limits.dailyLossPctMax),
    rollingLossPctMax: lossPct(rolling, limits.rollingLossPctMax),
  };
}

function lossPct(loss: Loss | null, pctMax: number): Decimal | null {
  return loss?.allowed.greaterThan(0) === true
    ? pct(loss.lost, loss.allowed.times(100).dividedBy(pctMax))
    : null;
}

function pct(part: Decimal, whole: Decimal): Decimal {
  return part.times(100).dividedBy(whole).toSignificantDigits(8);
}
