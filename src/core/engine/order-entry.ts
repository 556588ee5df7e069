import { assert, ensure } from '../base/assert.ts';
import { decimal, ZERO } from '../base/decimal.ts';
import { ok, type Result } from '../base/result.ts';
import type { ApprovedEntry, ClientOrderId } from '../domain/order.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { PassedEntry, Refusal, Signal } from '../domain/verdict.ts';
import { type ApprovedLadder, approveEntry, approveLadder } from '../risk/approve.ts';
import type { EntrySettings } from '../risk/entry-settings.ts';
import { accountTerms, exposure } from './account-load.ts';
import { adoptBot } from './bot.ts';
import { clientOrderId } from './client-order-id.ts';
import type { Decision } from './decision.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Ladder } from './ladder.ts';
import { sendRung } from './ladder-rungs.ts';
import { type EntryNote, entryNoteOf, openingPosition, sentOrder } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, nextOrderId, notify, slotsUsed, touchTrading, trackOrder } from './state.ts';

/** An entry that has a slot. */
export interface SlottedEntry {
  readonly market: InstrumentMarket;
  readonly signal: Signal;
  readonly passed: PassedEntry;
}

/**
 * Orders an entry the way the settings say, if risk agrees: one market order, or the first rung of a ladder. Gives
 * the name of the order that leaves first.
 */
export function orderEntry(
  state: EngineState,
  candidate: SlottedEntry,
  out: Decision[],
): Result<ClientOrderId, Refusal> {
  const { entry, exit, risk } = settingsOf(state, candidate.market.instrument.id);
  const { market, passed, signal } = candidate;
  const terms = {
    timeMs: state.timeMs,
    account: accountTerms(state),
    positionsOpen: slotsUsed(state),
    exposure: exposure(state),
    referencePrice: decimal(market.price ?? signal.close),
    stopLossPct: exit.stopLossPct,
    takeProfitPct: exit.takeProfitPct,
    partialTakeProfits: exit.partialTakeProfits,
    instrument: market.instrument,
    settings: risk,
  };
  if (entry.entryMethod === 'ladder') {
    const approved = approveLadder(passed, { ...terms, entry });
    return approved.ok ? ok(placeLadder(state, signal, approved.value, { entry, out })) : approved;
  }
  const lease = ensure(state.lease, 'An entry without a lease was refused before.');
  const approved = approveEntry(passed, { ...terms, clientOrderId: clientOrderId(lease) });
  if (!approved.ok) return approved;
  place(state, signal, approved.value);
  out.push({ kind: 'place-order', order: approved.value });
  return ok(approved.value.clientOrderId);
}

function place(state: EngineState, signal: Signal, order: ApprovedEntry): void {
  const { clientOrderId: id, direction } = order;
  const entry = entryNoteOf(order);
  assert(nextOrderId(state) === id, 'An approved entry carries the number of the intent it uses up.');
  trackOrder(state, sentOrder(order, state.timeMs));
  occupy(state, signal, { clientOrderId: id, direction, entry });
}

/** The whole ladder is there from now on; its orders leave one after the other. */
function placeLadder(
  state: EngineState,
  signal: Signal,
  plan: ApprovedLadder,
  { entry, out }: { readonly entry: EntrySettings; readonly out: Decision[] },
): ClientOrderId {
  const { instrumentId, direction } = plan;
  const lease = ensure(state.lease, 'An entry without a lease was refused before.');
  const ladderId = ensure(nextOrderId(state), 'An entry without a lease was refused before.');
  const ladder: Ladder = {
    plan,
    ladderId,
    epoch: lease.epoch,
    createdMs: state.timeMs,
    expiresMs: expiryOf(state, signal, entry),
    wasCalm: false,
    ending: null,
    rungs: plan.rungs.map((_, index) => ({
      clientOrderId: index === 0 ? ladderId : null,
      state: 'planned',
      filledQuantity: ZERO,
      cancelMs: null,
      checkedMs: state.timeMs,
    })),
  };
  state.ladders.set(instrumentId, ladder);
  occupy(state, signal, { clientOrderId: ladderId, direction, entry: ladderNoteOf(plan) });
  tellPlan(ladder, out);
  const [first] = ladder.rungs;
  if (first !== undefined) sendRung(state, ladder, first, out);
  return ladderId;
}

/** The position waits for the first rung that fills; until then its take-profit is that of the first alone. */
function ladderNoteOf({
  timeframe,
  rsi,
  trend,
  leverage,
  stopPrice,
  rungs,
  averagePrice,
}: ApprovedLadder): EntryNote {
  const takeProfitPrice = rungs[0]?.takeProfitPrice ?? null;
  return { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice: averagePrice };
}

/** Takes the slot: the position that waits for its fills, the bot, and the signal's one attempt. */
function occupy(
  state: EngineState,
  { instrumentId, candleOpenTimeMs }: Signal,
  order: Pick<ApprovedEntry, 'clientOrderId' | 'direction'> & { readonly entry: EntryNote },
): void {
  state.positions.set(instrumentId, openingPosition({ ...order, instrumentId }, state.timeMs));
  state.attempts.set(instrumentId, candleOpenTimeMs);
  adoptBot(state.bots, instrumentId, state.timeMs);
  touchTrading(state);
}

/** The sooner of both limits; candles count from the close of the signal's. */
function expiryOf(state: EngineState, signal: Signal, entry: EntrySettings): number | null {
  const { rungsLifeCandles, rungsLifeMinutes } = entry;
  const lengthMs = timeframeMs(signal.timeframe);
  const limits = [
    ...(rungsLifeCandles === null ? [] : [signal.candleOpenTimeMs + (rungsLifeCandles + 1) * lengthMs]),
    ...(rungsLifeMinutes === null ? [] : [state.timeMs + rungsLifeMinutes * 60_000]),
  ];
  return limits.length === 0 ? null : Math.min(...limits);
}

function tellPlan({ plan, ladderId, rungs }: Ladder, out: Decision[]): void {
  const { instrumentId, direction } = plan;
  const [averagePrice, stopPrice] = [textOf(plan.averagePrice), textOf(plan.stopPrice)];
  const message = `A ladder of ${rungs.length} orders to go ${direction} on ${instrumentId}: ${averagePrice} on average when all fill, its stop at ${stopPrice}.`;
  const detail = { ladderId, rungs: rungs.length, averagePrice, stopPrice };
  out.push(notify('info', 'engine.ladder.planned', { instrumentId, message, detail }));
}

function textOf(price: ApprovedLadder['averagePrice']): string {
  return price.toSignificantDigits(12).toFixed();
}
