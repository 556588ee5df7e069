import { decimal, decimalText } from '../base/decimal.ts';
import type { Refusal, Verdict } from '../domain/verdict.ts';
import { heldQuantity } from '../position/holding.ts';
import type { DuePartial } from '../position/partial-take-profit.ts';
import { partialQuantity } from '../risk/partial-quantity.ts';
import type { Decision } from './decision.ts';
import { exitVerdict, freeQuantity, placeExit } from './exit-order.ts';
import { exitRetryDelayMs, orderExit } from './exits.ts';
import { decisionRecord } from './explain.ts';
import type { EndCause, OpenPosition, TrackedOrder } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/** A partial exit that failed this often is given up: the rest of the position is guarded as before. */
const ATTEMPTS_MAX = 3;

/** A partial take-profit that is due, and the price it is due at. */
export interface PartMoment extends DuePartial {
  readonly lastPrice: number;
  readonly out: Decision[];
}

/**
 * Takes off a part that is due: one order at a time, an order that failed again after a wait while the price still
 * stands there. A part the exchange would not take is left out for good, with the reason. Unlike any other exit, a
 * part sold twice is one too many: while the service is not ready, its fills may not all be known, or another process
 * may hold the account, and no part is taken.
 */
export function reducePosition(state: EngineState, position: OpenPosition, moment: PartMoment): void {
  const { reducing, holding } = position;
  const instrument = state.markets.get(position.instrumentId)?.instrument;
  const waits = reducing !== null && (reducing.retryMs === null || state.timeMs < reducing.retryMs);
  if (waits || instrument === undefined || !state.entriesAllowed.allowed) return;
  const { partial, finding, lastPrice, out } = moment;
  const part = partialQuantity({
    entered: holding.entryQuantity,
    held: heldQuantity(holding),
    partial,
    planned: settingsOf(state, position.instrumentId).exit.partialTakeProfits,
    price: decimal(lastPrice),
    instrument,
  });
  if (!part.ok) {
    skipPart(state, position, moment, part.error);
    return;
  }
  if (part.value.greaterThanOrEqualTo(freeQuantity(state, position))) {
    orderExit(state, position, { reason: finding.reason, finding, out });
    return;
  }
  const clientOrderId = placeExit(state, position, {
    quantity: part.value,
    reason: finding.reason,
    finding,
    out,
  });
  const { profitPct } = partial;
  const attempts = reducing?.profitPct === profitPct ? reducing.attempts + 1 : 1;
  position.reducing = { profitPct, clientOrderId, attempts, retryMs: null };
  touchTrading(state);
}

/** A partial exit has filled to its last lot: its level is done with. */
export function notePart(
  state: EngineState,
  position: OpenPosition,
  order: TrackedOrder,
  out: Decision[],
): void {
  const { reducing, instrumentId, holding } = position;
  if (reducing?.clientOrderId !== order.clientOrderId) return;
  finishPart(state, position, reducing.profitPct);
  const [quantity, held] = [decimalText(order.quantity), decimalText(heldQuantity(holding))];
  const message = `Took ${quantity} off ${instrumentId} at ${reducing.profitPct} % profit, ${held} is left.`;
  const detail = { quantity, held, profitPct: reducing.profitPct };
  out.push(notify('info', 'engine.position.reduced', { instrumentId, message, detail }));
}

/**
 * A partial exit ended before its last lot. With a part of it filled its level is done with; with nothing filled it
 * is tried again after a wait, a few times.
 */
export function endPart(
  state: EngineState,
  position: OpenPosition,
  { order, cause, out }: { readonly order: TrackedOrder; readonly cause: EndCause; readonly out: Decision[] },
): void {
  const { reducing, instrumentId } = position;
  if (reducing?.clientOrderId !== order.clientOrderId) return;
  const { attempts, profitPct } = reducing;
  const over = attempts >= ATTEMPTS_MAX || order.filledQuantity.greaterThan(0);
  if (over) finishPart(state, position, profitPct);
  else position.reducing = { ...reducing, retryMs: state.timeMs + exitRetryDelayMs(attempts) };
  touchTrading(state);
  const after = over ? 'It is not tried again.' : 'It is tried again while the price stands there.';
  const why = `${cause.code} ${cause.detail}`.trim();
  const message = `The partial exit of ${instrumentId} at ${profitPct} % profit ended early: ${why}. ${after}`;
  const filled = decimalText(order.filledQuantity);
  const detail = { clientOrderId: order.clientOrderId, code: cause.code, attempts, filled };
  out.push(notify('warning', 'engine.exit.failed', { instrumentId, message, detail }));
}

function finishPart(state: EngineState, position: OpenPosition, profitPct: number): void {
  const { guard } = position;
  position.guard = { ...guard, partialsDone: [...guard.partialsDone, profitPct] };
  position.reducing = null;
  touchTrading(state);
}

function skipPart(
  state: EngineState,
  position: OpenPosition,
  { partial, finding, out }: PartMoment,
  refusal: Refusal,
): void {
  finishPart(state, position, partial.profitPct);
  const { instrumentId, entry } = position;
  const { code, value, threshold } = refusal;
  const market = state.markets.get(instrumentId);
  const signal = market?.on(entry.timeframe)?.signal() ?? market?.scan.signal() ?? null;
  if (market === undefined || signal === null) return;
  const left: Verdict = {
    filter: finding.reason,
    code,
    kind: 'veto',
    value,
    threshold,
    margin: null,
    unit: '',
  };
  const said = { outcome: 'hold', verdicts: [exitVerdict(finding), left], refusal } as const;
  out.push({ kind: 'explain', record: decisionRecord(market, { signal, timeMs: state.timeMs }, said) });
}
