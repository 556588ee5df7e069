import { type Decimal, decimalText, maxDecimal, ZERO } from '../base/decimal.ts';
import type { Transfer } from '../domain/position.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { GateLimits } from './gate-limits.ts';
import { refuse } from './refuse.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of a window of 24 hours the oldest mark may be this much older: marks are an hour apart. */
const WINDOW_MS = DAY_MS + HOUR_MS;

/** The equity of an account at its first reading in an hour of the exchange's clock. */
export interface EquityMark {
  /** Exchange time of that reading, ms. */
  readonly asOfMs: number;
  readonly equity: Decimal;
}

/** The marks of the last 24 hours, oldest first, and what was moved in (> 0) or out since the oldest. */
export interface LossFacts {
  readonly nowMs: number;
  readonly marks: readonly EquityMark[];
  /** Null: not known. */
  readonly transfers: readonly Transfer[] | null;
}

/** What was lost since a mark, and what may be: a share of what was there, with what came since and without what left. */
export interface Loss {
  readonly lost: Decimal;
  readonly allowed: Decimal;
}

/** The hour of a time of the exchange, counted from 1970. */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

/** The marks that still count at `nowMs`, the new one among them if it is the first of its hour. */
export function marksAfter(marks: readonly EquityMark[], reading: EquityMark): readonly EquityMark[] {
  const newest = marks.at(-1);
  const isFirst = newest === undefined || hourOf(newest.asOfMs) < hourOf(reading.asOfMs);
  if (!isFirst) return marks;
  return [...marks.filter(({ asOfMs }) => asOfMs >= reading.asOfMs - WINDOW_MS), reading];
}

/** Lost since the first mark of the day in UTC, 0 on a day of gains; null: not known. */
export function dailyLoss(facts: LossFacts | null, equity: Decimal, pctMax: number): Loss | null {
  if (facts === null || facts.transfers === null) return null;
  const dayMs = Math.floor(facts.nowMs / DAY_MS) * DAY_MS;
  const first = facts.marks.find(({ asOfMs }) => asOfMs >= dayMs);
  return first === undefined ? null : lossSince(first, facts.transfers, { equity, pctMax });
}

/** The most that was lost since any mark of the last 24 hours; null: not known. */
export function rollingLoss(facts: LossFacts | null, equity: Decimal, pctMax: number): Loss | null {
  if (facts === null || facts.transfers === null) return null;
  let worst: Loss | null = null;
  for (const mark of facts.marks) {
    if (mark.asOfMs < facts.nowMs - WINDOW_MS) continue;
    const loss = lossSince(mark, facts.transfers, { equity, pctMax });
    // Before money was there none could be lost.
    if (!loss.allowed.greaterThan(0)) continue;
    if (worst === null || loss.lost.minus(loss.allowed).greaterThan(worst.lost.minus(worst.allowed)))
      worst = loss;
  }
  return worst;
}

/** What was moved in or out is no result of trading. */
function lossSince(
  mark: EquityMark,
  transfers: readonly Transfer[],
  { equity, pctMax }: { readonly equity: Decimal; readonly pctMax: number },
): Loss {
  const moved = transfers.filter(({ timeMs }) => timeMs > mark.asOfMs);
  const begun = moved.reduce((sum, { amount }) => sum.plus(amount), mark.equity);
  return {
    lost: maxDecimal(begun.minus(equity), ZERO),
    allowed: maxDecimal(begun, ZERO).times(pctMax).dividedBy(100),
  };
}

/** Why losses let nothing in; null: they do. */
export function lossRefusal(
  facts: LossFacts | null,
  equity: Decimal | null,
  { dailyLossPctMax, rollingLossPctMax }: GateLimits,
): Refusal | null {
  const daily = equity === null ? null : dailyLoss(facts, equity, dailyLossPctMax);
  const rolling = equity === null ? null : rollingLoss(facts, equity, rollingLossPctMax);
  if (daily === null || rolling === null)
    return refuse('gate.loss.unknown', 'What the account has lost, or what was moved, is not known.');
  return (
    tooMuch('gate.loss.daily', 'since midnight UTC', daily) ??
    tooMuch('gate.loss.rolling', 'since its best hour of the last 24', rolling)
  );
}

function tooMuch(
  code: 'gate.loss.daily' | 'gate.loss.rolling',
  since: string,
  { lost, allowed }: Loss,
): Refusal | null {
  if (lost.lessThan(allowed)) return null;
  const [value, threshold] = [decimalText(lost), decimalText(allowed)];
  const detail = `The account has lost ${value} USDT ${since}, ${threshold} is the limit.`;
  return refuse(code, detail, { value, threshold });
}
