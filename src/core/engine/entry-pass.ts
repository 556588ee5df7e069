import { assert, ensure } from '../base/assert.ts';
import { decimal, ZERO } from '../base/decimal.ts';
import type { ApprovedOrder } from '../domain/order.ts';
import type { PassedEntry, Signal } from '../domain/verdict.ts';
import { passEntry } from '../filter/entry-filters.ts';
import { approveEntry } from '../risk/approve.ts';
import type { AccountTerms } from '../risk/limits.ts';
import type { SignalReadings } from '../signal/readings.ts';
import { adoptBot } from './bot.ts';
import { clientOrderId } from './client-order-id.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import {
  decisionRecord,
  entryContext,
  entryObstacle,
  explainOnce,
  type Finding,
  isOccupied,
} from './explain.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { type EntryNote, isLive, openingPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, exposure, nextOrderId, slotsUsed, touchTrading, trackOrder } from './state.ts';

interface Candidate {
  readonly market: InstrumentMarket;
  readonly signal: Signal;
}

/** An instrument whose entry may be ordered as far as filters go. */
export interface PassedCandidate extends Candidate {
  readonly passed: PassedEntry;
  readonly signalReadings: SignalReadings | null;
}

/**
 * Looks at every instrument whose newest candle signals an entry, runs the authoritative filter chain, ranks
 * what passes and takes the free slots. With Auto Bot off only instruments of running bots take part.
 */
export function entryPass(state: EngineState, out: Decision[]): void {
  const ranked = candidates(state)
    .flatMap((candidate) => admit(state, candidate, out))
    .sort((a, b) => byRank(state, a, b));
  for (const [index, candidate] of ranked.entries()) {
    const rank = index + 1;
    // What was ordered before it in this pass is a position by now, which filters ask about.
    const slotsFree = rank > 1 && slotsUsed(state) < state.settings.risk.positionsMax;
    const standing = slotsFree ? admit(state, candidate, out)[0] : candidate;
    if (standing !== undefined) takeSlot(state, standing, { rank, out });
  }
}

/** Whitelist first, then the deepest RSI, then the most liquid; the id settles what is equal. */
function byRank(state: EngineState, a: Candidate, b: Candidate): number {
  const { whitelist } = state.settings.filter;
  const listed = (candidate: Candidate): number =>
    whitelist.includes(candidate.market.instrument.id) ? 1 : 0;
  return (
    listed(b) - listed(a) ||
    (b.signal.depth ?? 0) - (a.signal.depth ?? 0) ||
    (b.market.turnover24h ?? 0) - (a.market.turnover24h ?? 0) ||
    (a.market.instrument.id < b.market.instrument.id ? -1 : 1)
  );
}

function candidates(state: EngineState): Candidate[] {
  const found: Candidate[] = [];
  for (const market of state.markets.values()) {
    if (!market.scan.atExtreme || isOccupied(state, market.instrument.id)) continue;
    const signal = market.scan.signal();
    const runs = state.autoBot.enabled || state.bots.get(market.instrument.id)?.paused === false;
    if (runs && signal !== null && signal.kind !== 'wait') found.push({ market, signal });
  }
  return found;
}

function admit(state: EngineState, candidate: Candidate, out: Decision[]): PassedCandidate[] {
  const { market, signal } = candidate;
  const moment = { signal, timeMs: state.timeMs };
  const refusal = entryObstacle(state, signal);
  const context = entryContext(state, market, moment);
  const { signalReadings } = context;
  const passed = passEntry(context);
  if (!passed.ok) {
    const finding = { outcome: 'vetoed', verdicts: passed.error, signalReadings, refusal } as const;
    explainOnce(market, decisionRecord(market, moment, finding), out);
    return [];
  }
  const { verdicts } = passed.value;
  if (refusal === null) return [{ ...candidate, signalReadings, passed: passed.value }];
  const finding = { outcome: 'refused', verdicts, signalReadings, refusal } as const;
  explainOnce(market, decisionRecord(market, moment, finding), out);
  return [];
}

/** Orders the entry if a slot is free and risk agrees, and gives what came of it. A null `rank`: it was not ranked. */
export function takeSlot(
  state: EngineState,
  candidate: PassedCandidate,
  { rank, out }: { readonly rank: number | null; readonly out: Decision[] },
): DecisionRecord {
  const { market, signal, signalReadings, passed } = candidate;
  const slotsFree = Math.max(0, state.settings.risk.positionsMax - slotsUsed(state));
  const moment = { signal, timeMs: state.timeMs };
  const { verdicts, forced } = passed;
  const seen = { rank, slotsFree, verdicts, forced, signalReadings };
  const told = (finding: Finding): DecisionRecord => {
    const record = decisionRecord(market, moment, finding);
    explainOnce(market, record, out);
    return record;
  };
  if (slotsFree === 0) return told({ ...seen, outcome: 'no-slot' });
  const approved = approve(state, candidate);
  if (!approved.ok) return told({ ...seen, outcome: 'refused', refusal: approved.error });
  const order = approved.value;
  place(state, candidate, order);
  out.push({ kind: 'place-order', order });
  return told({ ...seen, outcome: 'ordered', clientOrderId: order.clientOrderId });
}

function approve(state: EngineState, { market, passed, signal }: PassedCandidate) {
  const settings = settingsOf(state, market.instrument.id);
  const lease = ensure(state.lease, 'An entry without a lease was refused before.');
  return approveEntry(passed, {
    clientOrderId: clientOrderId(lease),
    timeMs: state.timeMs,
    account: accountTerms(state),
    positionsOpen: slotsUsed(state),
    exposure: exposure(state),
    referencePrice: decimal(market.price ?? signal.close),
    stopLossPct: settings.exit.stopLossPct,
    takeProfitPct: settings.exit.takeProfitPct,
    partialTakeProfits: settings.exit.partialTakeProfits,
    instrument: market.instrument,
    settings: settings.risk,
  });
}

function accountTerms({ account, dayStart, orders }: EngineState): AccountTerms | null {
  if (account === null) return null;
  const { balance, asOfMs } = account;
  let { available } = balance;
  // The reading does not know of what was ordered after it.
  for (const order of orders.values()) {
    const { entry, placedMs } = order;
    if (entry === null || placedMs < asOfMs) continue;
    const taken = isLive(order) ? order.quantity : order.filledQuantity;
    available = available.minus(taken.times(entry.referencePrice).dividedBy(entry.leverage));
  }
  return { equity: balance.equity, available, dayStart, asOfMs };
}

/** Takes the slot: the order, the position that waits for its fills, the bot, and the signal's one attempt. */
function place(state: EngineState, { signal }: PassedCandidate, order: ApprovedOrder): void {
  const { instrumentId, clientOrderId: id, direction } = order;
  const entry = entryNote(order);
  assert(nextOrderId(state) === id, 'An approved entry carries the number of the intent it uses up.');
  trackOrder(state, {
    clientOrderId: id,
    instrumentId,
    direction,
    purpose: 'entry',
    quantity: order.quantity,
    placedMs: state.timeMs,
    entry,
    state: 'sent',
    filledQuantity: ZERO,
    filledMs: null,
    fillsMissing: false,
  });
  state.positions.set(
    instrumentId,
    openingPosition({ clientOrderId: id, instrumentId, direction, entry }, state.timeMs),
  );
  state.attempts.set(instrumentId, signal.candleOpenTimeMs);
  adoptBot(state.bots, instrumentId, state.timeMs);
  touchTrading(state);
}

function entryNote(order: ApprovedOrder): EntryNote {
  const request = ensure(order.kind === 'entry' ? order : null, 'An entry order enters.');
  const { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice } = request;
  return { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice };
}
