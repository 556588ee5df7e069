import type { Signal } from '../domain/verdict.ts';
import { judgeEntry } from '../filter/entry-filters.ts';
import { type InstrumentFacts, instrumentFacts } from './close-record.ts';
import type { DecisionRecord } from './decision.ts';
import { decisionRecord, entryContext, entryObstacle } from './explain.ts';
import { type NearerLevel, nearerLevel } from './nearer-level.ts';
import type { EngineState } from './state.ts';

/** How far an instrument is from an entry, and what would stand against it. */
export interface NearEntry extends NearerLevel {
  readonly facts: InstrumentFacts;
  readonly rsi: number;
  /** All verdicts as of an entry in that direction now; an instrument not at a signal is judged as if it were. */
  readonly record: DecisionRecord;
}

/**
 * The instruments nearest to an entry signal, nearest first; equal ones by liquidity, then by id. Those in a
 * position or without an RSI are left out. Only the ones given are put through the filters.
 */
export function closestToEntry(
  state: EngineState,
  { limit, timeMs }: { readonly limit: number; readonly timeMs: number },
): readonly NearEntry[] {
  return instrumentFacts(state)
    .flatMap((facts) => distanceOf(facts) ?? [])
    .sort(byDistance)
    .slice(0, limit)
    .flatMap((candidate) => {
      const record = judged(state, candidate, timeMs);
      return record === null ? [] : [{ ...candidate, record }];
    });
}

type Distance = Omit<NearEntry, 'record'>;

function distanceOf(facts: InstrumentFacts): Distance | null {
  const { rsi, inPosition } = facts;
  if (rsi === null || inPosition !== null) return null;
  return { facts, rsi, ...nearerLevel(rsi, facts) };
}

function byDistance(a: Distance, b: Distance): number {
  return (
    a.distance - b.distance ||
    (b.facts.turnover24h ?? 0) - (a.facts.turnover24h ?? 0) ||
    (a.facts.instrumentId < b.facts.instrumentId ? -1 : 1)
  );
}

function judged(state: EngineState, { facts, direction }: Distance, timeMs: number): DecisionRecord | null {
  const market = state.markets.get(facts.instrumentId);
  const read = market?.scan.signal() ?? null;
  if (market === undefined || read === null) return null;
  const kind = direction === 'long' ? 'enter-long' : 'enter-short';
  const asked: Signal = { ...read, kind };
  const context = entryContext(state, market, { signal: asked, timeMs });
  const { signalReadings } = context;
  const verdicts = judgeEntry(context);
  const entering = verdicts.some((verdict) => verdict.kind === 'veto') ? 'vetoed' : 'candidate';
  const outcome = read.kind === 'wait' ? 'no-signal' : entering;
  const refusal = entryObstacle(state, asked);
  return decisionRecord(market, { signal: read, timeMs }, { outcome, verdicts, signalReadings, refusal });
}
