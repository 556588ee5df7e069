import { type Decimal, decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import { isResultOfTrading, parseMovementKind } from '../core/domain/movement.ts';
import type { LedgerEntry } from '../store/ledger-row.ts';
import type { FundedTrade } from '../store/trade-row.ts';

/** Stored closed positions held against the books. */
export interface TradesReport {
  readonly agree: number;
  /** Each a sentence that names the trade. A stranger's part in the same position is a reason too. */
  readonly differ: readonly string[];
  /** Part of it has no execution that was told: an adoption, or an end without a fill. Each a sentence. */
  readonly unproven: readonly string[];
  /** Opened before the books, or over since they were last seen to equal the wallet. */
  readonly uncovered: number;
  /** By the UTC day they ended on, oldest first; those covered alone. */
  readonly days: readonly DayReport[];
}

interface DayReport {
  readonly day: string;
  readonly trades: number;
  /** Sum of their net results. */
  readonly pnl: string;
  /** What the books say came of the same executions and settlements. */
  readonly booked: string;
}

/** What the exchange counts at an execution is rounded, as is the part of it that closes another's. */
const RESULT_TOLERANCE = decimal('0.00000001');
const DAY_TEXT = 10;

interface Booked {
  readonly gross: Decimal;
  readonly fees: Decimal;
  /** What is odd about it; null: every execution is in the books, and all of it was ours. */
  readonly oddity: 'unproven' | 'missing' | 'shared' | null;
}

/** Holds trades against the entries of their own executions, one by one. Both of one account, in any order. */
export function tradesAgainst(trades: readonly FundedTrade[], entries: readonly LedgerEntry[]): TradesReport {
  const results = entries.filter(isResult);
  const byFill = new Map(results.map((entry) => [entry.fillId ?? '', entry]));
  const differ: string[] = [];
  const unproven: string[] = [];
  const days = new Map<string, { trades: number; pnl: Decimal; booked: Decimal }>();
  let [agree, uncovered] = [0, 0];
  for (const trade of trades) {
    const { funding, pnl } = trade;
    if (funding === null || pnl === null) {
      uncovered += 1;
      continue;
    }
    const booked = trade.steps.length === 0 ? bookedWithin(trade, results) : bookedOf(trade, byFill);
    if (booked.oddity === 'unproven') unproven.push(sentenceOf(trade, booked));
    else if (isAlike(trade, booked)) agree += 1;
    else differ.push(sentenceOf(trade, booked));
    const day = new Date(trade.closedMs).toISOString().slice(0, DAY_TEXT);
    const sums = days.get(day) ?? { trades: 0, pnl: ZERO, booked: ZERO };
    const net = booked.gross.minus(booked.fees).minus(funding);
    days.set(day, { trades: sums.trades + 1, pnl: sums.pnl.plus(pnl), booked: sums.booked.plus(net) });
  }
  return { agree, differ, unproven, uncovered, days: dayReports(days) };
}

function isResult({ kind: word }: LedgerEntry): boolean {
  const kind = parseMovementKind(word);
  return kind !== null && kind !== 'funding' && isResultOfTrading({ kind });
}

/** What the books say of a trade's executions, or of our part of each. */
function bookedOf(trade: FundedTrade, byFill: ReadonlyMap<string, LedgerEntry>): Booked {
  let [gross, fees, before, entered] = [ZERO, ZERO, ZERO, ZERO];
  let oddity: Booked['oddity'] = null;
  for (const step of trade.steps) {
    const held = decimal(step.held);
    const change = held.minus(before);
    before = held;
    if (change.greaterThan(0)) entered = entered.plus(change);
    const booked = bookedStep(trade, byFill.get(step.fillId ?? ''), { held, change: change.abs() });
    gross = gross.plus(booked.gross);
    fees = fees.plus(booked.fees);
    oddity ??= step.fillId === null ? 'unproven' : booked.oddity;
  }
  return { gross, fees, oddity: entered.equals(trade.quantity) ? oddity : 'unproven' };
}

function bookedStep(
  trade: FundedTrade,
  entry: LedgerEntry | undefined,
  { held, change }: { readonly held: Decimal; readonly change: Decimal },
): Booked {
  if (entry === undefined) return { gross: ZERO, fees: ZERO, oddity: 'missing' };
  const turned = turnedInto(trade, entry, held);
  const fees = partOf(decimal(entry.fee ?? 0), change, change.plus(turned));
  const isShared = entry.heldAfter !== null && !decimal(entry.heldAfter).abs().equals(held.plus(turned));
  return { gross: decimal(entry.cashFlow ?? 0), fees, oddity: isShared ? 'shared' : null };
}

/** What an execution that ended ours opened on the other side; that is somebody else's, with its part of the fee. */
function turnedInto({ direction }: FundedTrade, { heldAfter }: LedgerEntry, held: Decimal): Decimal {
  const after = decimal(heldAfter ?? 0);
  const isTurned = held.isZero() && (direction === 'short' ? after.greaterThan(0) : after.lessThan(0));
  return isTurned ? after.abs() : ZERO;
}

function partOf(amount: Decimal, part: Decimal, whole: Decimal): Decimal {
  return part.equals(whole) ? amount : amount.times(part).dividedBy(whole);
}

/** Of a trade whose executions were not kept: all that happened on its instrument in its time. */
function bookedWithin(
  { instrumentId, openedMs, closedMs }: FundedTrade,
  results: readonly LedgerEntry[],
): Booked {
  const within = results.filter(
    (entry) => entry.instrumentId === instrumentId && entry.timeMs >= openedMs && entry.timeMs <= closedMs,
  );
  const sum = (part: 'cashFlow' | 'fee') => within.reduce((total, row) => total.plus(row[part] ?? 0), ZERO);
  return { gross: sum('cashFlow'), fees: sum('fee'), oddity: null };
}

function isAlike({ grossPnl, fees }: FundedTrade, booked: Booked): boolean {
  const isEqual = (ours: string, theirs: Decimal) =>
    theirs.minus(ours).abs().lessThanOrEqualTo(RESULT_TOLERANCE);
  return booked.oddity !== 'missing' && isEqual(grossPnl, booked.gross) && isEqual(fees, booked.fees);
}

const ODDITIES: Readonly<Record<NonNullable<Booked['oddity']>, string>> = {
  unproven: ' Part of it has no execution that was told.',
  missing: ' An execution of it is not in the books.',
  shared: ' The account held a part that was not ours, which the exchange counts in one with it.',
};

function sentenceOf({ tradeId, instrumentId, grossPnl, fees }: FundedTrade, booked: Booked): string {
  const theirs = `${decimalText(booked.gross)} and ${decimalText(booked.fees)}`;
  const why = booked.oddity === null ? '' : ODDITIES[booked.oddity];
  return `Trade ${tradeId} of ${instrumentId}: gross ${grossPnl} and fees ${fees}, by the ledger ${theirs}.${why}`;
}

function dayReports(
  days: ReadonlyMap<string, { trades: number; pnl: Decimal; booked: Decimal }>,
): readonly DayReport[] {
  return [...days]
    .map(([day, { trades, pnl, booked }]) => {
      return { day, trades, pnl: decimalText(pnl), booked: decimalText(booked) };
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
