import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { exposure } from './account-load.ts';
import { type EngineState, slotsUsed, textOrNull } from './state.ts';
import { stopObstacle } from './stop-obstacle.ts';

/** A limit entries are held to, and what stands against it now. Amounts as exact decimal text. */
export interface LimitView {
  readonly name: 'positions' | 'exposure' | 'daily-loss';
  /** Null: not known, which refuses entries where the limit is measured against it. */
  readonly value: string | null;
  /** Null: what it is a share of is not known. */
  readonly limit: string | null;
  readonly unit: '' | 'USDT';
}

/** Limits, and what keeps entries back beside them. */
export interface RiskView {
  readonly limits: readonly LimitView[];
  /** Why stops keep all entries back, a sentence; null: they do not. */
  readonly stopObstacle: string | null;
}

/** The limits that all instruments share, with what stands against them. */
export function riskViewOf(state: EngineState): RiskView {
  const exposureLimit = state.settings.risk.exposurePctMax;
  const lossLimit = state.settings.risk.dailyLossPctMax;
  const { account, dayStart } = state;
  const equity = account?.balance.equity ?? null;
  const lost = lossOf(state);
  return {
    limits: [
      {
        name: 'positions',
        value: String(slotsUsed(state)),
        limit: String(state.settings.risk.positionsMax),
        unit: '',
      },
      {
        name: 'exposure',
        value: decimalText(exposure(state)),
        limit: share(equity, exposureLimit),
        unit: 'USDT',
      },
      {
        name: 'daily-loss',
        value: textOrNull(lost),
        limit: share(dayStart?.equity, lossLimit),
        unit: 'USDT',
      },
    ],
    stopObstacle: stopObstacle(state)?.detail ?? null,
  };
}

/** Lost since midnight UTC, 0 on a day of gains; null while it is not known. */
function lossOf({ account, dayStart }: EngineState): Decimal | null {
  if (account === null || dayStart === null || account.transferred === null) return null;
  const lost = dayStart.equity.plus(account.transferred).minus(account.balance.equity);
  return lost.isNegative() ? ZERO : lost;
}

function share(amount: Decimal | null | undefined, pct: number): string | null {
  return amount === null || amount === undefined
    ? null
    : decimalText(amount.times(decimal(pct)).dividedBy(100));
}
