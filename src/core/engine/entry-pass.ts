import { assert, ensure } from '../base/assert.ts';
import { decimal, ZERO } from '../base/decimal.ts';
import type { ApprovedOrder } from '../domain/order.ts';
import type { PassedEntry, Signal } from '../domain/verdict.ts';
import { passEntry } from '../filter/entry-filters.ts';
import { approveEntry } from '../risk/approve.ts';
import { adoptBot } from './bot.ts';
import { clientOrderId } from './client-order-id.ts';
import type { Decision } from './decision.ts';
import { decisionRecord, entryContext, entryObstacle, explainOnce, isOccupied } from './explain.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { type EntryNote, openingPosition } from './open-position.ts';
import { type EngineState, exposure, nextOrderId, slotsUsed, touchTrading, trackOrder } from './state.ts';

interface Candidate {
  readonly market: InstrumentMarket;
  readonly signal: Signal;
}

interface PassedCandidate extends Candidate {
  readonly passed: PassedEntry;
}

/**
 * Looks at every instrument whose newest candle signals an entry, runs the authoritative filter chain, ranks
 * what passes and takes the free slots. With Auto Bot off only instruments of running bots take part.
 */
export function entryPass(state: EngineState, out: Decision[]): void {
  const ranked = candidates(state)
    .flatMap((candidate) => admit(state, candidate, out))
    .sort((a, b) => byRank(state, a, b));
  for (const [index, candidate] of ranked.entries()) take(state, candidate, { rank: index + 1, out });
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
    if (!market.atExtreme || isOccupied(state, market.instrument.id)) continue;
    const signal = market.signal();
    const runs = state.autoBot.enabled || state.bots.get(market.instrument.id)?.paused === false;
    if (runs && signal !== null && signal.kind !== 'wait') found.push({ market, signal });
  }
  return found;
}

function admit(state: EngineState, candidate: Candidate, out: Decision[]): PassedCandidate[] {
  const { market, signal } = candidate;
  const moment = { signal, timeMs: state.timeMs };
  const refusal = entryObstacle(state, signal);
  const passed = passEntry(entryContext(state, market, moment));
  if (!passed.ok) {
    const finding = { outcome: 'vetoed', verdicts: passed.error, refusal } as const;
    explainOnce(market, decisionRecord(market, moment, finding), out);
    return [];
  }
  if (refusal === null) return [{ ...candidate, passed: passed.value }];
  const finding = { outcome: 'refused', verdicts: passed.value.verdicts, refusal } as const;
  explainOnce(market, decisionRecord(market, moment, finding), out);
  return [];
}

function take(
  state: EngineState,
  candidate: PassedCandidate,
  { rank, out }: { readonly rank: number; readonly out: Decision[] },
): void {
  const { market, signal, passed } = candidate;
  const slotsFree = Math.max(0, state.settings.risk.positionsMax - slotsUsed(state));
  const moment = { signal, timeMs: state.timeMs };
  const seen = { rank, slotsFree, verdicts: passed.verdicts };
  if (slotsFree === 0) {
    explainOnce(market, decisionRecord(market, moment, { ...seen, outcome: 'no-slot' }), out);
    return;
  }
  const approved = approve(state, candidate);
  if (!approved.ok) {
    const finding = { ...seen, outcome: 'refused', refusal: approved.error } as const;
    explainOnce(market, decisionRecord(market, moment, finding), out);
    return;
  }
  const order = approved.value;
  place(state, candidate, order);
  out.push({ kind: 'place-order', order });
  const finding = { ...seen, outcome: 'ordered', clientOrderId: order.clientOrderId } as const;
  explainOnce(market, decisionRecord(market, moment, finding), out);
}

function approve(state: EngineState, { market, passed, signal }: PassedCandidate) {
  const { settings, account } = state;
  const lease = ensure(state.lease, 'An entry without a lease was refused before.');
  return approveEntry(passed, {
    clientOrderId: clientOrderId(lease),
    timeMs: state.timeMs,
    account: account === null ? null : { equity: account.balance.equity, asOfMs: account.asOfMs },
    positionsOpen: slotsUsed(state),
    exposure: exposure(state),
    referencePrice: decimal(market.price ?? signal.close),
    stopLossPct: settings.exit.stopLossPct,
    takeProfitPct: settings.exit.takeProfitPct,
    instrument: market.instrument,
    settings: settings.risk,
  });
}

/** Takes the slot: the order, the position that waits for its fills, the bot, and the signal's one attempt. */
function place(state: EngineState, { signal }: PassedCandidate, order: ApprovedOrder): void {
  const { instrumentId, clientOrderId: id, direction } = order;
  const entry = entryNote(signal, order);
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
  });
  state.positions.set(
    instrumentId,
    openingPosition({ clientOrderId: id, instrumentId, direction, entry }, state.timeMs),
  );
  state.attempts.set(instrumentId, signal.candleOpenTimeMs);
  adoptBot(state.bots, instrumentId, state.timeMs);
  touchTrading(state);
}

function entryNote(signal: Signal, order: ApprovedOrder): EntryNote {
  const request = order.kind === 'entry' ? order : null;
  const { leverage, stopPrice, takeProfitPrice, referencePrice } = ensure(request, 'An entry order enters.');
  const { timeframe, rsi, trend } = signal;
  return { timeframe, rsi, trend, leverage, stopPrice, takeProfitPrice, referencePrice };
}
