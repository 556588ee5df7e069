import type { InstrumentId } from '../domain/instrument.ts';
import type { PassedEntry, Signal } from '../domain/verdict.ts';
import { passEntry } from '../filter/entry-filters.ts';
import type { SignalReadings } from '../signal/readings.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import {
  decisionRecord,
  entryContext,
  entryObstacle,
  explainOnce,
  type Finding,
  isInDoubt,
  isOccupied,
} from './explain.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { orderEntry } from './order-entry.ts';
import { type EngineState, marketsOf, slotsUsed } from './state.ts';

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
 * what passes and takes the free slots. With Auto Bot off only instruments of running bots take part. `among` names the
 * only instruments that may signal; null: any may.
 */
export function entryPass(state: EngineState, among: readonly InstrumentId[] | null, out: Decision[]): void {
  const ranked = candidates(state, marketsOf(state, among))
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

function candidates(state: EngineState, markets: Iterable<InstrumentMarket>): Candidate[] {
  const found: Candidate[] = [];
  for (const market of markets) {
    const { id } = market.instrument;
    // One in doubt is looked at for its refusal alone: why it is not entered anew is worth a record.
    if (!market.scan.atExtreme || (isOccupied(state, id) && !isInDoubt(state, id))) continue;
    const signal = market.scan.signal();
    const runs = state.autoBot.enabled || state.bots.get(id)?.paused === false;
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
  const ordered = orderEntry(state, candidate, out);
  if (!ordered.ok) return told({ ...seen, outcome: 'refused', refusal: ordered.error });
  return told({ ...seen, outcome: 'ordered', clientOrderId: ordered.value });
}
