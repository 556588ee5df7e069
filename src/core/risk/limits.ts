import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Refusal } from '../domain/verdict.ts';
import { type DayStart, dailyLossRefusal } from './daily-loss.ts';
import { marginRefusal } from './margin.ts';
import { refuse } from './refuse.ts';
import type { RiskSettings } from './settings.ts';

/** Age of the account reading beyond which it proves nothing, ms: two missed reads of 30 s. */
const ACCOUNT_AGE_MS_MAX = 60_000;

/** Share of the way to liquidation (100 / leverage percent) a stop may use; the rest is buffer for fees and gaps. */
const LIQUIDATION_SHARE_MAX = 0.8;

/** The account at its last reading. */
export interface AccountTerms {
  readonly equity: Decimal;
  /** What new margin can be taken from, entries in flight already taken off. */
  readonly available: Decimal;
  /** Null: the equity at the start of the day is not known. */
  readonly dayStart: DayStart | null;
  /** Moved in since the day began, less what was moved out; null: not known. */
  readonly transferred: Decimal | null;
  readonly asOfMs: number;
}

/** What an entry is measured against. Null equity: the account has not been read. */
export interface LimitContext {
  readonly timeMs: number;
  readonly account: AccountTerms | null;
  /** Positions of ours now, entries in flight included, this one not. */
  readonly positionsOpen: number;
  /** Sum of their notionals and of foreign positions' at current prices, quote currency. */
  readonly exposure: Decimal;
  /** Notional of this entry. */
  readonly notional: Decimal;
  readonly stopLossPct: number;
  readonly instrument: Instrument;
  readonly settings: RiskSettings;
}

/** The first limit this entry would break; null when it breaks none. */
export function limitRefusal(context: LimitContext): Refusal | null {
  return (
    accountRefusal(context) ??
    lossRefusal(context) ??
    countRefusal(context) ??
    exposureRefusal(context) ??
    leverageRefusal(context) ??
    balanceRefusal(context)
  );
}

function accountRefusal({ account, timeMs }: LimitContext): Refusal | null {
  if (account === null || !account.equity.isFinite()) {
    return refuse('risk.limit.equity-unknown', 'The equity of the account is not known.');
  }
  const value = timeMs - account.asOfMs;
  if (value > ACCOUNT_AGE_MS_MAX) {
    const detail = `The account was read ${value} ms ago, ${ACCOUNT_AGE_MS_MAX} ms is the limit.`;
    return refuse('risk.limit.account-stale', detail, { value, threshold: ACCOUNT_AGE_MS_MAX });
  }
  if (account.equity.greaterThan(0)) return null;
  const equity = decimalText(account.equity);
  return refuse('risk.limit.equity-gone', `The equity is ${equity} USDT.`, { value: equity, threshold: 0 });
}

function lossRefusal({ account, settings }: LimitContext): Refusal | null {
  if (account === null) return null;
  const { equity, dayStart, transferred } = account;
  return dailyLossRefusal({ equity, dayStart, transferred, pctMax: settings.dailyLossPctMax });
}

function balanceRefusal({ account, notional, settings }: LimitContext): Refusal | null {
  return account === null ? null : marginRefusal(account.available, notional, settings);
}

function countRefusal({ positionsOpen, settings }: LimitContext): Refusal | null {
  if (positionsOpen < settings.positionsMax) return null;
  const detail = `${positionsOpen} positions are open or in flight, ${settings.positionsMax} is the limit.`;
  return refuse('risk.limit.positions-max', detail, {
    value: positionsOpen,
    threshold: settings.positionsMax,
  });
}

function exposureRefusal({ account, exposure, notional, settings }: LimitContext): Refusal | null {
  if (account === null) return null;
  const allowed = account.equity.times(decimal(settings.exposurePctMax)).dividedBy(100);
  const after = exposure.plus(notional);
  if (after.lessThanOrEqualTo(allowed)) return null;
  const value = decimalText(after);
  const threshold = decimalText(allowed);
  const detail = `The exposure would be ${value} USDT, ${settings.exposurePctMax} % of equity is ${threshold}.`;
  return refuse('risk.limit.exposure', detail, { value, threshold });
}

function leverageRefusal({ settings, instrument, stopLossPct }: LimitContext): Refusal | null {
  const { leverage } = settings;
  if (leverage > instrument.leverageMax) {
    const detail = `Leverage ${leverage} is set, the instrument allows ${instrument.leverageMax}.`;
    return refuse('risk.limit.leverage', detail, { value: leverage, threshold: instrument.leverageMax });
  }
  const threshold = (100 / leverage) * LIQUIDATION_SHARE_MAX;
  if (stopLossPct <= threshold) return null;
  const detail = `With leverage ${leverage} a stop must stand within ${threshold} %, ${stopLossPct} % is set.`;
  return refuse('risk.stop.beyond-liquidation', detail, { value: stopLossPct, threshold });
}
