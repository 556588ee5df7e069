import { resumable } from '../core/engine/capture.ts';
import { Engine } from '../core/engine/engine.ts';
import { type EngineSnapshot, parseEngineSnapshot } from '../core/engine/snapshot.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { JournalFolder } from './journal-folder.ts';
import {
  type JournalPlace,
  type JournalSpan,
  readJournal,
  type SegmentPart,
  type StepPart,
} from './read-journal.ts';
import type { BrokenStep } from './step-queue.ts';

/** What was recorded and what comes of it now. */
export interface ReplayedStep extends StepPart {
  /** JSON of what this engine decides; null: nothing. */
  readonly now: string | null;
}

/** The first step that comes out otherwise. */
export interface ReplayDifference extends JournalPlace {
  readonly timeMs: number;
  readonly eventKind: string;
  readonly instrumentId: string | null;
  readonly difference: Difference;
}

/** What came of a replay. */
export interface ReplayReport {
  /** `nothing`: there is no step in the span. */
  readonly verdict: 'equal' | 'differs' | 'broken' | 'nothing';
  readonly segments: number;
  /** Starts of the service among them. */
  readonly starts: number;
  readonly steps: number;
  /** Steps that decided something. */
  readonly decided: number;
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Who recorded: program and runtime. */
  readonly recordedBy: readonly string[];
  readonly gaps: readonly (JournalPlace & { readonly steps: number; readonly reason: string })[];
  readonly torn: readonly (JournalPlace & { readonly bytes: number })[];
  readonly broken: (JournalPlace & { readonly detail: string }) | null;
  readonly difference: ReplayDifference | null;
}

export interface ReplayRequest extends JournalSpan {
  readonly folder: JournalFolder;
  /** Sees every step within the span, in order. */
  readonly onStep?: (step: ReplayedStep) => void;
}

/**
 * Rebuilds the engine from the last state before the span and steps it through everything recorded since. Every
 * decision is compared byte for byte, and at the start of a segment the whole state; it ends at the first difference.
 */
export async function replay(request: ReplayRequest): Promise<ReplayReport> {
  const run = new ReplayRun(request);
  for await (const part of readJournal(request.folder, request)) {
    if (part.kind === 'segment') run.segment(part);
    else if (part.kind === 'step') run.step(part);
    else if (part.kind === 'torn') run.torn.push(part);
    else run.broken = part;
    if (run.isOver) break;
  }
  return run.report();
}

class ReplayRun {
  readonly torn: (JournalPlace & { readonly bytes: number })[] = [];
  broken: ReplayReport['broken'] = null;
  private readonly request: ReplayRequest;
  private readonly gaps: ReplayReport['gaps'][number][] = [];
  private readonly recordedBy = new Set<string>();
  private engine: Engine | null = null;
  private difference: ReplayDifference | null = null;
  private segments = 0;
  private starts = 0;
  private steps = 0;
  private decided = 0;
  private first: StepPart | null = null;
  private last: StepPart | null = null;
  private past = false;

  constructor(request: ReplayRequest) {
    this.request = request;
  }

  get isOver(): boolean {
    return this.past || this.broken !== null || this.difference !== null;
  }

  /** Within a run of the service the engine goes on, and has to stand as it stood then. */
  segment(part: SegmentPart): void {
    const { head, markets, file, offset, sequence } = part;
    const recorded = resumable(head.engine, markets);
    this.segments += 1;
    this.recordedBy.add(`${head.program} on ${head.runtime}`);
    if (head.cause === 'start') this.starts += 1;
    if (head.gap !== null) this.gaps.push({ file, offset, sequence, ...head.gap });
    if (head.cause === 'roll' && this.engine !== null) this.compareState(part, this.engine, recorded);
    else this.engine = restored(recorded);
    if (this.engine === null) {
      this.broken = { file, offset, sequence, detail: 'This version cannot read the state it starts from.' };
    }
  }

  step(part: StepPart): void {
    const { fromMs, toMs, onStep } = this.request;
    const { event } = part;
    if (toMs !== null && event.timeMs > toMs) {
      this.past = true;
      return;
    }
    if (this.engine === null) return;
    const now = decidedBy(this.engine, part);
    if (now !== part.decided) this.difference = stepDifference(part, now);
    if (fromMs !== null && event.timeMs < fromMs) return;
    this.first ??= part;
    this.last = part;
    this.steps += 1;
    if (part.decided !== null) this.decided += 1;
    onStep?.({ ...part, now });
  }

  report(): ReplayReport {
    return {
      verdict: this.verdict(),
      segments: this.segments,
      starts: this.starts,
      steps: this.steps,
      decided: this.decided,
      firstSequence: this.first?.sequence ?? null,
      lastSequence: this.last?.sequence ?? null,
      firstMs: this.first?.event.timeMs ?? null,
      lastMs: this.last?.event.timeMs ?? null,
      recordedBy: [...this.recordedBy],
      gaps: this.gaps,
      torn: this.torn,
      broken: this.broken,
      difference: this.difference,
    };
  }

  private verdict(): ReplayReport['verdict'] {
    if (this.broken !== null) return 'broken';
    if (this.difference !== null) return 'differs';
    return this.steps === 0 ? 'nothing' : 'equal';
  }

  private compareState(part: SegmentPart, engine: Engine, recorded: EngineSnapshot): void {
    const { running, ...before } = recorded;
    const difference = stateDifference(before, engine.snapshot());
    if (difference === null) return;
    const { file, offset, sequence, head } = part;
    const place = { file, offset, sequence, timeMs: head.startedMs };
    this.difference = { ...place, eventKind: 'state', instrumentId: null, difference };
  }
}

/** Null where this version cannot read it. */
function restored(recorded: EngineSnapshot): Engine | null {
  const snapshot = parseEngineSnapshot(recorded);
  if (snapshot === null) return null;
  const { settings, settingsVersion } = snapshot.trading;
  const engine = new Engine({ settings, settingsVersion });
  engine.restore(snapshot);
  return engine;
}

/** JSON of the decisions, or the message of the invariant that broke; null: nothing is decided. */
function decidedBy(engine: Engine, { event }: StepPart): string | null {
  try {
    const decisions = engine.step(event);
    return decisions.length === 0 ? null : JSON.stringify(decisions);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return JSON.stringify([{ kind: 'broken', message } satisfies BrokenStep]);
  }
}

function stepDifference(part: StepPart, now: string | null): ReplayDifference {
  const { file, offset, sequence, event } = part;
  const difference = differenceOf(part.decided, now);
  const instrumentId =
    instrumentOf(difference.recorded) ?? instrumentOf(difference.now) ?? instrumentOf(event);
  return { file, offset, sequence, timeMs: event.timeMs, eventKind: event.kind, instrumentId, difference };
}

/** The first part of the state that stands otherwise; null: none does. One instrument at a time: whole, they are large. */
function stateDifference(recorded: EngineSnapshot, now: EngineSnapshot): Difference | null {
  const listed = ({ trading, market }: EngineSnapshot): readonly unknown[] => {
    const { instruments = [], ...feed } = market ?? {};
    return [trading, feed, ...instruments];
  };
  const [before, after] = [listed(recorded), listed(now)];
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const [one, other] = [before[index] ?? null, after[index] ?? null];
    // An engine that was restored holds its keys in another order than one that ran: most are equal as they are.
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    const [recordedText, nowText] = [orderedText([one]), orderedText([other])];
    if (recordedText !== nowText) return differenceOf(recordedText, nowText);
  }
  return null;
}

/** JSON with the keys of every object in order. */
function orderedText(value: unknown): string {
  return JSON.stringify(value, (_key, made: unknown) =>
    typeof made === 'object' && made !== null && !Array.isArray(made)
      ? Object.fromEntries(Object.entries(made).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : made,
  );
}

/** Wherever a decision or an event names it. */
function instrumentOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('instrumentId' in value && typeof value.instrumentId === 'string') return value.instrumentId;
  for (const key of ['order', 'record', 'closed', 'fill'] as const) {
    const inner = key in value ? instrumentOf(Reflect.get(value, key)) : null;
    if (inner !== null) return inner;
  }
  return null;
}
