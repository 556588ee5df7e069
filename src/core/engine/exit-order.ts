import { ensure } from '../base/assert.ts';
import type { Decimal } from '../base/decimal.ts';
import type { ClientOrderId, ExitReason } from '../domain/order.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { ExitFinding } from '../position/exit-rule.ts';
import { heldQuantity } from '../position/holding.ts';
import { approveExit } from '../risk/approve.ts';
import type { Decision } from './decision.ts';
import { decisionRecord } from './explain.ts';
import { isLive, type OpenPosition, sentOrder } from './open-position.ts';
import { type EngineState, nextOrderId, touchTrading, trackOrder } from './state.ts';

/** An exit about to be ordered. Null finding: a person asked, or it is tried again. */
export interface ExitOrder {
  readonly quantity: Decimal;
  readonly reason: ExitReason;
  readonly finding: ExitFinding | null;
  readonly out: Decision[];
}

/** What is held and no exit order on its way is about to close: exits together never ask for more than is held. */
export function freeQuantity(state: EngineState, { instrumentId, holding }: OpenPosition): Decimal {
  let free = heldQuantity(holding);
  for (const order of state.orders.values()) {
    if (order.instrumentId !== instrumentId || order.purpose === 'entry' || !isLive(order)) continue;
    free = free.minus(order.quantity.minus(order.filledQuantity));
  }
  return free;
}

/** Orders a quantity of a position closed by a reduce-only market order, and gives the order's name. */
export function placeExit(state: EngineState, position: OpenPosition, exit: ExitOrder): ClientOrderId {
  const { instrumentId, holding } = position;
  const market = state.markets.get(instrumentId);
  const order = approveExit({
    clientOrderId: ensure(nextOrderId(state), 'Every position was ordered under a lease.'),
    instrumentId,
    direction: holding.direction,
    quantity: exit.quantity,
    quantityMax: market?.instrument.marketQuantityMax ?? null,
    purpose: exit.reason,
  });
  trackOrder(state, sentOrder(order, state.timeMs));
  touchTrading(state);
  exit.out.push({ kind: 'place-order', order });
  explainExit(state, position, exit, order.clientOrderId);
  return order.clientOrderId;
}

/** A rule's finding as a verdict of the record: the rule that let the exit pass. */
export function exitVerdict({ reason, code, value, threshold, unit }: ExitFinding): Verdict {
  const margin = Math.abs(value - threshold);
  return { filter: reason, code, kind: 'pass', value, threshold, margin, unit };
}

function explainExit(
  state: EngineState,
  position: OpenPosition,
  { finding, out }: ExitOrder,
  clientOrderId: ClientOrderId,
): void {
  const market = state.markets.get(position.instrumentId);
  const signal = market?.on(position.entry.timeframe)?.signal() ?? market?.scan.signal() ?? null;
  if (market === undefined || signal === null) return;
  const verdicts = finding === null ? [] : [exitVerdict(finding)];
  const moment = { signal, timeMs: state.timeMs };
  const record = decisionRecord(market, moment, { outcome: 'exit-ordered', verdicts, clientOrderId });
  out.push({ kind: 'explain', record });
}
