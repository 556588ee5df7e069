import { decimalText } from '../core/base/decimal.ts';
import type { Fill } from '../core/domain/order.ts';
import type { ClosedPosition } from '../core/domain/position.ts';
import type { DecisionRecord, Notify } from '../core/engine/decision.ts';
import type { FillRow } from '../store/fill-row.ts';
import type { DecisionRow, EventRow } from '../store/store.ts';
import type { TradeRow } from '../store/trade-row.ts';

/** A fill as it is stored. */
export function fillRowOf(fill: Fill): FillRow {
  return {
    fillId: fill.fillId,
    clientOrderId: fill.clientOrderId,
    exchangeOrderId: fill.exchangeOrderId,
    instrumentId: fill.instrumentId,
    side: fill.side,
    price: decimalText(fill.price),
    quantity: decimalText(fill.quantity),
    fee: decimalText(fill.fee),
    maker: fill.maker,
    cause: fill.cause,
    timeMs: fill.timeMs,
  };
}

/** A closed position as it is stored. */
export function tradeRowOf(closed: ClosedPosition): TradeRow {
  return {
    tradeId: closed.tradeId,
    instrumentId: closed.instrumentId,
    direction: closed.direction,
    timeframe: closed.timeframe,
    quantity: decimalText(closed.quantity),
    entryPrice: decimalText(closed.entryPrice),
    exitPrice: decimalText(closed.exitPrice),
    grossPnl: decimalText(closed.grossPnl),
    fees: decimalText(closed.fees),
    tradedPnl: decimalText(closed.tradedPnl),
    openedMs: closed.openedMs,
    closedMs: closed.closedMs,
    entryTrend: closed.entryTrend,
    entryRsi: closed.entryRsi,
    exitReason: closed.exitReason,
    unprotectedMs: closed.unprotectedMs,
    accountId: closed.accountId,
    steps: closed.steps.map(({ fillId, timeMs, held }) => ({ fillId, timeMs, held: decimalText(held) })),
  };
}

/** A decision as it is stored: the whole record, with what it is searched by beside it. */
export function decisionRowOf(record: DecisionRecord): DecisionRow {
  return {
    timeMs: record.timeMs,
    instrumentId: record.instrumentId,
    timeframe: record.timeframe,
    outcome: record.outcome,
    signal: record.signal.kind,
    recordJson: JSON.stringify(record),
  };
}

/** A notice of the engine as it is stored. */
export function eventRowOf(notice: Notify, timeMs: number): EventRow {
  return {
    timeMs,
    severity: notice.severity,
    code: notice.code,
    instrumentId: notice.instrumentId,
    message: notice.message,
    detailJson: JSON.stringify(notice.detail),
  };
}
