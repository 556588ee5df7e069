import { type Decimal, decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ApprovedOrder, ExitReason } from '../core/domain/order.ts';
import type { ClosedPosition } from '../core/domain/position.ts';
import type { Decision, DecisionRecord } from '../core/engine/decision.ts';
import { Drawdown } from '../core/statistic/drawdown.ts';
import type { EquityPoint, ExitCount, TradeRow, VetoCount } from './backtest-result.ts';

const DAY_MS = 86_400_000;

/** What a walk leaves behind, counted while it goes. */
export class Tally {
  readonly trades: TradeRow[] = [];
  readonly equity: EquityPoint[] = [];
  readonly drawdown = new Drawdown();
  readonly exitRules = new Map<string, number>();
  readonly outcomes = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly notices = new Map<string, number>();
  candles = 0;
  private readonly vetoes = new Map<string, { count: number; alone: number }>();
  private readonly stops = new Map<InstrumentId, Decimal>();
  /** The newest look at each instrument since the last close: the pass may overrule what the candle said. */
  private readonly looks = new Map<InstrumentId, DecisionRecord>();
  private gross = ZERO;
  private paid = ZERO;
  private moments = 0;
  private momentsHeld = 0;
  private positionsSeen = 0;
  private readonly takeFunding: (id: InstrumentId) => Decimal;

  /** `takeFunding`: what was paid for the position of an instrument that has just ended. */
  constructor(takeFunding: (id: InstrumentId) => Decimal) {
    this.takeFunding = takeFunding;
  }

  /** Learns what the engine decided. */
  decided(decision: Decision): void {
    if (decision.kind === 'explain') this.explained(decision.record);
    else if (decision.kind === 'position-closed') this.closed(decision.closed);
    else if (decision.kind === 'place-order') this.ordered(decision.order);
    else if (decision.kind === 'notify') add(this.notices, decision.code);
  }

  /** A moment at which candles have closed and every decision on them is known. */
  momentEnded(timeMs: number, seen: { readonly equity: number; readonly positions: number }): void {
    this.looksEnded();
    this.moments += 1;
    this.momentsHeld += seen.positions > 0 ? 1 : 0;
    this.positionsSeen += seen.positions;
    this.drawdown.next(timeMs, seen.equity);
    const point = { timeMs, equity: seen.equity };
    // A close at midnight belongs to the day that ends there.
    const sameDay = dayOf(timeMs) === dayOf(this.equity.at(-1)?.timeMs ?? Number.NaN);
    if (sameDay) this.equity[this.equity.length - 1] = point;
    else this.equity.push(point);
  }

  /** What the newest looks have said stands. */
  looksEnded(): void {
    for (const record of this.looks.values()) this.looked(record);
    this.looks.clear();
  }

  get grossPnl(): Decimal {
    return this.gross;
  }

  get fees(): Decimal {
    return this.paid;
  }

  get exposurePct(): number {
    return this.moments === 0 ? 0 : (this.momentsHeld / this.moments) * 100;
  }

  get positionsMean(): number {
    return this.moments === 0 ? 0 : this.positionsSeen / this.moments;
  }

  /** Most frequent first; the code settles what is equal. */
  vetoCounts(): readonly VetoCount[] {
    return [...this.vetoes]
      .map(([code, { count, alone }]) => ({ code, count, alone }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }

  /** Most frequent first; the reason settles what is equal. */
  exitCounts(): readonly ExitCount[] {
    const byReason = new Map<ExitReason, number[]>();
    for (const { exitReason, pnl } of this.trades) {
      byReason.set(exitReason, [...(byReason.get(exitReason) ?? []), Number(pnl)]);
    }
    return [...byReason]
      .map(([reason, pnls]) => ({
        reason,
        count: pnls.length,
        wins: pnls.filter((pnl) => pnl > 0).length,
        pnl: pnls.reduce((sum, pnl) => sum + pnl, 0),
      }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  }

  private explained(record: DecisionRecord): void {
    if (record.outcome !== 'exit-ordered') {
      this.looks.set(record.instrumentId, record);
      return;
    }
    for (const { code } of record.verdicts) add(this.exitRules, code);
  }

  private looked({ outcome, refusal, verdicts }: DecisionRecord): void {
    add(this.outcomes, outcome);
    if (refusal !== null) add(this.refusals, refusal.code);
    if (outcome === 'hold') return;
    const vetoed = verdicts.filter(({ kind }) => kind === 'veto');
    for (const { code } of vetoed) {
      const counted = this.vetoes.get(code) ?? { count: 0, alone: 0 };
      counted.count += 1;
      counted.alone += vetoed.length === 1 ? 1 : 0;
      this.vetoes.set(code, counted);
    }
  }

  private ordered(order: ApprovedOrder): void {
    if (order.kind === 'entry') this.stops.set(order.instrumentId, order.stopPrice);
  }

  private closed(closed: ClosedPosition): void {
    const funding = this.takeFunding(closed.instrumentId);
    this.gross = this.gross.plus(closed.grossPnl);
    this.paid = this.paid.plus(closed.fees);
    const stopPrice = this.stops.get(closed.instrumentId) ?? null;
    this.trades.push(tradeRow(closed, { stopPrice, funding }));
  }
}

function tradeRow(
  closed: ClosedPosition,
  { stopPrice, funding }: { readonly stopPrice: Decimal | null; readonly funding: Decimal },
): TradeRow {
  const { entryPrice, quantity } = closed;
  const pnl = closed.tradedPnl.minus(funding);
  const risked = stopPrice === null ? decimal(0) : entryPrice.minus(stopPrice).abs().times(quantity);
  return {
    tradeId: closed.tradeId,
    instrumentId: closed.instrumentId,
    direction: closed.direction,
    openedMs: closed.openedMs,
    closedMs: closed.closedMs,
    entryPrice: decimalText(entryPrice),
    exitPrice: decimalText(closed.exitPrice),
    quantity: decimalText(quantity),
    stopPrice: stopPrice === null ? null : decimalText(stopPrice),
    grossPnl: decimalText(closed.grossPnl),
    fees: decimalText(closed.fees),
    funding: decimalText(funding),
    pnl: decimalText(pnl),
    pnlPct: pnl.dividedBy(entryPrice.times(quantity)).times(100).toNumber(),
    rMultiple: risked.isZero() ? null : pnl.dividedBy(risked).toNumber(),
    entryRsi: closed.entryRsi,
    entryTrend: closed.entryTrend,
    exitReason: closed.exitReason,
  };
}

function dayOf(timeMs: number): number {
  return Math.floor((timeMs - 1) / DAY_MS);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
