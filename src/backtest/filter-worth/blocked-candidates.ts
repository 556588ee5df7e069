import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { Direction } from '../../core/domain/order.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import type { Decision, DecisionRecord } from '../../core/engine/decision.ts';
import { entryDirection } from '../../core/filter/entry-context.ts';
import type { WalkObserver } from '../past-walk.ts';

/** Said while nobody trades the instrument: what the filters say of it is as good as ever. */
const NOT_TRADED = 'engine.entry.no-bot';

/** An entry signal that filters alone kept from being ordered. */
export interface BlockedCandidate {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  /** Close of the candle that signalled it, ms UTC. */
  readonly timeMs: number;
  /** Names of the filters that vetoed, in the order of the chain. */
  readonly filters: readonly string[];
}

/** What one decision says of one signal. */
export interface SignalLook {
  /** The instrument and the close it signalled at. */
  readonly key: string;
  /** Null when filters are not what kept it away, or nothing did. */
  readonly blocked: BlockedCandidate | null;
}

/** Blocked candidates: of each signal, what was decided last. */
export class BlockedCandidates {
  private readonly bySignal = new Map<string, BlockedCandidate>();

  readonly observe: WalkObserver = (_, decisions: readonly Decision[]) => {
    for (const decision of decisions) {
      if (decision.kind === 'explain') this.learn(lookOf(decision.record));
    }
  };

  /** Looks are learned in the order in which they were decided; null is none. */
  learn(look: SignalLook | null): void {
    if (look === null) return;
    this.bySignal.delete(look.key);
    if (look.blocked !== null) this.bySignal.set(look.key, look.blocked);
  }

  forget(candidate: BlockedCandidate): void {
    this.bySignal.delete(signalKey(candidate));
  }

  /** By time; the instrument settles what is equal. */
  list(): readonly BlockedCandidate[] {
    return [...this.bySignal.values()].sort(
      (a, b) => a.timeMs - b.timeMs || (a.instrumentId < b.instrumentId ? -1 : 1),
    );
  }
}

/** What a decision says of an entry signal; null when it is about none. */
export function lookOf(record: DecisionRecord): SignalLook | null {
  const { instrumentId, signal, outcome, refusal, timeMs: decidedMs } = record;
  const lengthMs = timeframeMs(signal.timeframe);
  const timeMs = signal.candleOpenTimeMs + lengthMs;
  const direction = entryDirection(signal);
  // One that has left the exchange is looked at on and on; its signal is none any more.
  const stale = decidedMs - timeMs >= lengthMs;
  if (direction === null || stale || outcome === 'exit-ordered') return null;
  const key = signalKey({ instrumentId, timeMs });
  const otherwise = refusal !== null && refusal.code !== NOT_TRADED;
  if (outcome !== 'vetoed' || otherwise) return { key, blocked: null };
  const filters = record.verdicts.filter(({ kind }) => kind === 'veto').map(({ filter }) => filter);
  return { key, blocked: { instrumentId, direction, timeMs, filters } };
}

/** Names a signal: an instrument signals once a close. */
export function signalKey({
  instrumentId,
  timeMs,
}: Pick<BlockedCandidate, 'instrumentId' | 'timeMs'>): string {
  return `${instrumentId} ${timeMs}`;
}
