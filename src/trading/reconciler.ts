import type { Comparison, DifferenceKind } from '../core/domain/difference.ts';
import type { Decision, Notify } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { Time } from '../platform/time.ts';
import type { DifferenceLog, DifferenceRow } from '../store/difference-row.ts';
import type { EventRow } from '../store/store.ts';
import { type BookChange, DifferenceBook } from './difference-book.ts';
import type { LedgerComparison } from './ledger-notice.ts';
import type { StepObserver } from './trading-loop.ts';

/** A second reading is asked for so long after one that made something doubtful. */
const SECOND_LOOK_MS = 2_500;
/** What could not be stored is tried again after this. */
const RETRY_MS = 1_000;
/** Rows that wait for the store at most: the newest states of them are kept, and an ended one is news of yesterday. */
const WAITING_MAX = 1_000;
/** Of those that have ended. */
const KEPT_MAX = 5_000;
const PRUNE_EVERY = 100;

/** Differences the engine has no notice of its own for. */
const TOLD_HERE: ReadonlySet<string> = new Set<DifferenceKind>([
  'order-missing',
  'order-not-ended',
  'stop-differs',
  'leverage-differs',
  'margin-mode-differs',
]);

/** How the account and we agree, for screens and metrics. */
export interface Agreement {
  /** Time by our clock of the newest comparison; null before the first. */
  readonly comparedMs: number | null;
  /** Complete readings in a row that differed in nothing. */
  readonly streak: number;
  /** Opened by this process so far. */
  readonly openedCount: number;
  readonly open: readonly DifferenceRow[];
}

export interface ReconcilerOptions {
  readonly engine: Engine;
  readonly log: DifferenceLog;
  readonly time: Time;
  readonly accountId: string;
  /** Once another process has taken the account its records are that one's. */
  readonly isLeaseLost: () => boolean;
  /** Asks for a reading of the account. */
  readonly requestSync: () => void;
  /** Remembers what a person may want to know. */
  readonly tell: (row: EventRow) => void;
  readonly report: (message: string) => void;
}

/**
 * Keeps the record of what the exchange's account and ours differ in, from the comparison the engine makes at every
 * complete reading. It decides nothing: what is done about a difference is the engine's and a person's.
 */
export class Reconciler implements StepObserver {
  private readonly options: ReconcilerOptions;
  private readonly book: DifferenceBook;
  private readonly waiting = new Map<string, DifferenceRow>();
  private latest: Comparison | null = null;
  private comparedMs: number | null = null;
  private streak = 0;
  private openedCount = 0;
  private endedCount = 0;
  private asked = false;
  private storing = false;

  constructor(options: ReconcilerOptions) {
    this.options = options;
    this.book = new DifferenceBook(options.accountId);
  }

  /** Goes on with what an earlier process left open. Before the first reading. */
  async begin(): Promise<void> {
    const { log, accountId } = this.options;
    this.book.resume(await log.open(accountId));
  }

  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    if (event.kind === 'fill') this.book.noteFill(event.fill);
    for (const decision of decisions) if (decision.kind === 'notify') this.explainBy(decision);
    if (event.kind !== 'account-snapshot') return;
    const { compared } = this.options.engine;
    if (compared === null || compared === this.latest) return;
    this.latest = compared;
    this.streak = compared.differences.length === 0 ? this.streak + 1 : 0;
    this.comparedMs = this.options.time.nowMs();
    this.take(compared);
  }

  /** Wallet and ledger at one instant; `lasting`: they differ, and not because an entry is late. */
  noteBalance({ asOfMs, ledger, exchange }: LedgerComparison, lasting: boolean): void {
    const isApart = !exchange.equals(ledger);
    if (isApart && !lasting) return;
    const about = { about: 'account', instrumentId: null, fillIds: [] };
    const words = { ours: ledger.toFixed(), theirs: exchange.toFixed() };
    const differences = isApart
      ? [{ kind: 'balance-differs', scope: 'balance', ...about, ...words } as const]
      : [];
    this.take({ asOfMs, scopes: ['balance'], differences });
  }

  agreement(): Agreement {
    return {
      comparedMs: this.comparedMs,
      streak: this.streak,
      openedCount: this.openedCount,
      open: this.book.open(),
    };
  }

  /** Writes what waits, once. */
  async flush(): Promise<void> {
    for (const [id, row] of this.waiting) {
      await this.options.log.save(row);
      if (this.waiting.get(id) === row) this.waiting.delete(id);
    }
  }

  private take(comparison: Comparison): void {
    const change = this.book.fold(comparison, this.options.time.nowMs());
    this.openedCount += change.opened.length;
    this.endedCount += change.ended.length;
    this.tellChange(change);
    if (change.opened.length > 0 || this.book.isUnsure()) this.lookAgain();
    if (change.rows.length > 0) this.store(change.rows);
  }

  /** A command of a person, or the exchange's other words, that take a difference away. */
  private explainBy({ code, instrumentId, message, detail }: Notify): void {
    if (instrumentId === null) return;
    const by = `${String(detail['actor'])}: ${String(detail['reason'])}`;
    if (code === 'engine.position.adopted')
      this.book.explain(instrumentId, { resolution: 'command', evidence: `Adopted by ${by}.` });
    else if (code === 'engine.position.disowned')
      this.book.explain(instrumentId, { resolution: 'command', evidence: `Given up by ${by}.` });
    else if (code === 'engine.position.gone' || code === 'engine.position.shrunk')
      this.book.explain(instrumentId, { resolution: 'confirmed', evidence: message });
  }

  private tellChange({ opened }: BookChange): void {
    const { tell, time } = this.options;
    for (const row of opened) {
      const { kind, instrumentId, explanation, action, ours, theirs } = row;
      if (!TOLD_HERE.has(kind)) continue;
      const code = `reconciliation.${kind}`;
      const detailJson = JSON.stringify({ ours, theirs });
      const message = `${explanation} ${action}`;
      tell({ timeMs: time.nowMs(), severity: 'warning', code, instrumentId, message, detailJson });
    }
  }

  /** Seldom does a reading come by itself as soon as it would tell more. */
  private lookAgain(): void {
    if (this.asked) return;
    this.asked = true;
    this.options.time.after(SECOND_LOOK_MS, () => {
      this.asked = false;
      this.options.requestSync();
    });
  }

  private store(rows: readonly DifferenceRow[]): void {
    if (this.options.isLeaseLost()) return;
    for (const row of rows) this.waiting.set(row.differenceId, row);
    for (const id of this.waiting.keys()) {
      if (this.waiting.size <= WAITING_MAX) break;
      this.waiting.delete(id);
    }
    if (this.storing) return;
    this.storing = true;
    void this.storeAll();
  }

  private async storeAll(): Promise<void> {
    const { log, accountId, time, report } = this.options;
    try {
      await this.flush();
      if (this.endedCount >= PRUNE_EVERY) {
        this.endedCount = 0;
        await log.prune(accountId, KEPT_MAX);
      }
    } catch (error) {
      report(`Differences could not be stored: ${String(error)}`);
    }
    if (this.waiting.size === 0 || this.options.isLeaseLost()) this.storing = false;
    else time.after(RETRY_MS, () => void this.storeAll());
  }
}
