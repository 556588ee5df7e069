import {
  type Comparison,
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  type DifferenceScope,
} from '../core/domain/difference.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Fill } from '../core/domain/order.ts';
import type { DifferenceRow } from '../store/difference-row.ts';
import { actionOf, explanationOf } from './difference-text.ts';

/** So many are open at most; the account of a person with more than that is nobody's to follow. */
const OPEN_MAX = 200;
/** Orders of others leave room for what weighs more. */
const ORDERS_OPEN_MAX = 150;
const FILL_IDS_MAX = 32;
/** Without other evidence a difference is over when two readings this far apart do not have it. */
const APART_MS = 2_000;
/** How far a reading may lag behind the fills it should show. */
const LAG_MS = 2_000;
/** What is only seen again is stored this often. */
const SEEN_MS = 60_000;

/** What ended a difference. */
type Resolution = 'fills' | 'command' | 'confirmed' | 'readings' | 'became';

/** Something that explains why a difference on an instrument is gone with the next reading. */
export interface Explanation {
  readonly resolution: Extract<Resolution, 'command' | 'confirmed'>;
  /** A sentence. */
  readonly evidence: string;
}

interface Open {
  row: DifferenceRow;
  fillIds: readonly string[];
  /** Exchange time of the first reading in a row without it; null: the newest has it. */
  goneMs: number | null;
  /** Exchange time of the newest execution the newest reading with it could not show; null: none. */
  filledMs: number | null;
  explained: Explanation | null;
  storedMs: number;
}

/** What a reading changed; rows are to be stored in this order. */
export interface BookChange {
  readonly opened: readonly DifferenceRow[];
  readonly ended: readonly DifferenceRow[];
  readonly rows: readonly DifferenceRow[];
}

/**
 * Turns what single readings differ in into records: one for each subject at a time, opened by the first complete
 * reading that has it, ended by its fills, by a person's command, or by two readings that do not have it any more. A
 * reading that did not compare something says nothing of it.
 */
export class DifferenceBook {
  private readonly accountId: string;
  private readonly subjects = new Map<string, Open>();

  constructor(accountId: string) {
    this.accountId = accountId;
  }

  /** Goes on with what was open before. */
  resume(rows: readonly DifferenceRow[]): void {
    for (const row of rows) {
      const fillIds = parsedIds(row.fillIdsJson);
      const open = { row, fillIds, goneMs: null, filledMs: null, explained: null, storedMs: row.lastMs };
      this.subjects.set(`${row.scope} ${row.about}`, open);
    }
  }

  /** Those that are open, oldest first. */
  open(): readonly DifferenceRow[] {
    return [...this.subjects.values()].map(({ row }) => row);
  }

  /** True while a reading more would tell whether something is over. */
  isUnsure(): boolean {
    return [...this.subjects.values()].some(({ goneMs }) => goneMs !== null);
  }

  /** An execution on an instrument, whoever ordered it. */
  noteFill({ instrumentId, fillId, timeMs }: Pick<Fill, 'instrumentId' | 'fillId' | 'timeMs'>): void {
    const open = this.subjects.get(`position ${instrumentId}`);
    if (open === undefined) return;
    open.filledMs = Math.max(open.filledMs ?? 0, timeMs);
    open.fillIds = joined(open.fillIds, [fillId]);
  }

  /** What will have ended the difference of a position when the next reading lacks it. */
  explain(instrumentId: InstrumentId, explained: Explanation): void {
    const open = this.subjects.get(`position ${instrumentId}`);
    if (open !== undefined) open.explained = explained;
  }

  /** Takes in what a complete reading differs in. */
  fold(comparison: Comparison, nowMs: number): BookChange {
    const change: MutableChange = { opened: [], ended: [], rows: [] };
    const seen = new Set<Open>();
    for (const difference of comparison.differences) {
      const open = this.take(difference, nowMs, change);
      if (open !== null) seen.add(open);
    }
    for (const [subject, open] of this.subjects) {
      if (seen.has(open) || !comparison.scopes.includes(open.row.scope as DifferenceScope)) continue;
      if (!isOverBy(open, comparison)) continue;
      this.subjects.delete(subject);
      end(open, endingOf(open), { nowMs, change });
    }
    return change;
  }

  /** Null where it is only a trace of what is open already, or there are too many. */
  private take(difference: Difference, nowMs: number, change: MutableChange): Open | null {
    const { scope, about, kind, fillIds } = difference;
    const subject = `${scope} ${about}`;
    const open = this.subjects.get(subject);
    if (open === undefined) return this.add(subject, difference, { nowMs, change });
    open.fillIds = joined(open.fillIds, fillIds);
    if (isTraceOf(kind, open.row.kind)) return null;
    if (!isGoneOn(kind, open.row.kind)) {
      const ending = { resolution: 'became', evidence: `It is ${kind} now.` } as const;
      end(open, ending, { nowMs, change });
      this.subjects.delete(subject);
      return this.add(subject, difference, { nowMs, change });
    }
    see(open, difference, { nowMs, change });
    return open;
  }

  private add(
    subject: string,
    difference: Difference,
    { nowMs, change }: { readonly nowMs: number; readonly change: MutableChange },
  ): Open | null {
    const { kind, scope, about, instrumentId, ours, theirs, fillIds } = difference;
    if (this.subjects.size >= (scope === 'order' ? ORDERS_OPEN_MAX : OPEN_MAX)) return null;
    const row: DifferenceRow = {
      accountId: this.accountId,
      differenceId: `${nowMs}-${scope}-${about}`,
      ...{ kind, scope, about, instrumentId, ours, theirs },
      firstMs: nowMs,
      lastMs: nowMs,
      endedMs: null,
      resolution: null,
      evidence: '',
      fillIdsJson: JSON.stringify(fillIds),
      explanation: explanationOf(kind, difference),
      action: actionOf(kind),
    };
    const filledMs = fillIds.length > 0 && !STAYS.has(kind) ? 0 : null;
    const open = { row, fillIds, goneMs: null, filledMs, explained: null, storedMs: nowMs };
    this.subjects.set(subject, open);
    change.opened.push(row);
    change.rows.push(row);
    return open;
  }
}

interface MutableChange extends BookChange {
  readonly opened: DifferenceRow[];
  readonly ended: DifferenceRow[];
  readonly rows: DifferenceRow[];
}

interface Moment {
  readonly nowMs: number;
  readonly change: MutableChange;
}

interface Ending {
  readonly resolution: Resolution;
  readonly evidence: string;
}

/** What can be told of a position only where the reading states it. */
const OF_HELD: ReadonlySet<string> = new Set<DifferenceScope>(['stop', 'leverage']);

/** What is there after the fills that made it. */
const STAYS: ReadonlySet<string> = new Set<DifferenceKind>(['position-foreign', 'side-flipped']);

/** Fills on what is known to differ are no difference of their own. */
function isTraceOf(kind: DifferenceKind, openKind: string): boolean {
  return kind === 'fill-unknown' && openKind !== 'fill-unknown';
}

/** What was turned round goes on as what is not ours. */
function isGoneOn(kind: DifferenceKind, openKind: string): boolean {
  return kind === openKind || (openKind === 'side-flipped' && kind === 'position-foreign');
}

function see(open: Open, { ours, theirs, kind }: Difference, { nowMs, change }: Moment): void {
  const { row } = open;
  const isNews = row.theirs !== theirs || row.fillIdsJson !== JSON.stringify(open.fillIds);
  open.goneMs = null;
  open.filledMs = null;
  open.explained = null;
  const told = kind === row.kind ? { ...row, ours, theirs } : { ...row, theirs };
  open.row = {
    ...told,
    lastMs: nowMs,
    fillIdsJson: JSON.stringify(open.fillIds),
    explanation: explanationOf(kindOf(row.kind), { ...told, instrumentId: row.instrumentId as InstrumentId }),
  };
  if (!isNews && nowMs - open.storedMs < SEEN_MS) return;
  open.storedMs = nowMs;
  change.rows.push(open.row);
}

/** What it could not tell of is no reading without it. */
function isOverBy(open: Open, { asOfMs, unseen }: Comparison): boolean {
  const { scope, about } = open.row;
  if (!OF_HELD.has(scope) || unseen?.has(about as InstrumentId) !== true) return isOver(open, asOfMs);
  open.goneMs = null;
  return false;
}

/** One list may lack what is there: without evidence of another kind it takes a second one. */
function isOver(open: Open, asOfMs: number): boolean {
  if (open.explained !== null) return true;
  // A reading soon after an execution may show either.
  if (open.filledMs !== null) return asOfMs > open.filledMs + LAG_MS;
  if (open.goneMs !== null) return asOfMs >= open.goneMs + APART_MS;
  open.goneMs = asOfMs;
  return false;
}

function endingOf({ explained, fillIds, filledMs, row }: Open): Ending {
  if (explained !== null) return explained;
  const byFills = filledMs !== null || (fillIds.length > 0 && !STAYS.has(row.kind));
  if (byFills)
    return { resolution: 'fills', evidence: `By ${fillIds.length} executions: ${fillIds.join(', ')}.` };
  return { resolution: 'readings', evidence: 'Two complete readings of the account agree with us.' };
}

function end(open: Open, { resolution, evidence }: Ending, { nowMs, change }: Moment): void {
  const fillIdsJson = JSON.stringify(open.fillIds);
  const row = { ...open.row, endedMs: nowMs, resolution, evidence, fillIdsJson };
  change.ended.push(row);
  change.rows.push(row);
}

function joined(known: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...known, ...more])].slice(-FILL_IDS_MAX);
}

function kindOf(text: string): DifferenceKind {
  return DIFFERENCE_KINDS.find((kind) => kind === text) ?? 'quantity-differs';
}

function parsedIds(text: string): readonly string[] {
  const ids: unknown = JSON.parse(text);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
