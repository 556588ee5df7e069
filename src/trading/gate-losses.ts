import { type Decimal, decimal, decimalText } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';
import type { Transfer } from '../core/domain/position.ts';
import type { AccountSnapshot } from '../core/engine/event.ts';
import { type EquityMark, hourOf, type LossFacts, marksAfter } from '../core/risk/gate-loss.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Store } from '../store/store.ts';

const HOUR_MS = 3_600_000;
const WINDOW_HOURS = 24;
/** Marks that lie further ahead than any clock error of a day are of no time that was. */
const AHEAD_MS_MAX = 48 * HOUR_MS;

export interface GateLossesOptions {
  readonly store: Pick<Store, 'equityMarks'>;
  readonly exchange: Pick<Exchange, 'readMovements'>;
  readonly accountId: string;
  readonly report: (message: string) => void;
}

/**
 * What the account has lost: its equity at the first reading of each hour, stored, so that no restart begins a day.
 * Hours nobody has marked are made up from what the exchange says moved the wallet since.
 */
export class GateLosses {
  private readonly options: GateLossesOptions;
  private marks: readonly EquityMark[] = [];
  private newest: { readonly equity: Decimal; readonly transfers: readonly Transfer[] | null } | null = null;
  private state: 'unread' | 'filling' | 'known' = 'unread';
  /** What was moved in and out was read once: a service that cannot judge a loss yet is not ready. */
  private movedRead = false;
  private failed = false;

  constructor(options: GateLossesOptions) {
    this.options = options;
  }

  /** What an earlier process has marked. */
  async recall(): Promise<void> {
    const { store, accountId } = this.options;
    const rows = await store.equityMarks.newest(accountId);
    this.marks = rows.map(({ markMs, equity }) => ({ asOfMs: markMs, equity: decimal(equity) }));
  }

  /** Null: not known, or not yet. */
  facts(nowMs: number | null): LossFacts | null {
    if (nowMs === null || this.state !== 'known' || this.newest === null) return null;
    return { nowMs, marks: this.marks, transfers: this.newest.transfers };
  }

  /** False until the hours of the last day are known, and what was moved in them. */
  isKnown(): boolean {
    return this.state === 'known' && this.movedRead;
  }

  /** The equity of the newest reading; null before the first. */
  equity(): Decimal | null {
    return this.newest?.equity ?? null;
  }

  /** A reading of the account at `nowMs`, the time losses are counted by. */
  onAccount({ balance, transfers, asOfMs }: AccountSnapshot, nowMs: number): void {
    const { equity, walletBalance } = balance;
    this.newest = { equity, transfers: transfers === undefined ? [] : transfers };
    this.movedRead ||= this.newest.transfers !== null;
    if (this.state === 'unread') {
      this.state = 'filling';
      this.fill({ walletBalance, asOfMs, nowMs }).catch((error: unknown) => this.failToRead(String(error)));
    }
    if (this.state === 'known') this.mark({ asOfMs: nowMs, equity });
  }

  private mark(reading: EquityMark): void {
    const marks = marksAfter(this.marks, reading);
    if (marks === this.marks) return;
    this.marks = marks;
    this.save([reading]);
  }

  /** Hours of the last day without a mark: what was in the wallet then. A failure is tried again with a later reading. */
  private async fill(at: { walletBalance: Decimal; asOfMs: number; nowMs: number }): Promise<void> {
    const { exchange } = this.options;
    const kept = this.marks.filter(({ asOfMs }) => asOfMs <= at.nowMs + AHEAD_MS_MAX);
    const known = new Set(kept.map(({ asOfMs }) => hourOf(asOfMs)));
    const missing = hoursBefore(at.nowMs).filter((hour) => !known.has(hour));
    const reading =
      missing.length === 0 ? null : await exchange.readMovements((missing[0] ?? 0) * HOUR_MS, at.asOfMs);
    if (reading?.kind === 'unknown') {
      this.failToRead(reading.detail);
      return;
    }
    const made = missing.map((hour) => walletAt(hour * HOUR_MS, at.walletBalance, reading?.value ?? []));
    this.marks = [...kept, ...made].sort((a, b) => a.asOfMs - b.asOfMs);
    this.state = 'known';
    this.save(made);
    if (this.newest !== null) this.mark({ asOfMs: at.nowMs, equity: this.newest.equity });
  }

  private failToRead(detail: string): void {
    if (!this.failed)
      this.options.report(`The losses of the last day cannot be read, so no entry is made: ${detail}`);
    this.failed = true;
    this.state = 'unread';
  }

  private save(marks: readonly EquityMark[]): void {
    if (marks.length === 0) return;
    const { store, accountId, report } = this.options;
    const rows = marks.map(({ asOfMs, equity }) => ({
      accountId,
      hour: hourOf(asOfMs),
      markMs: asOfMs,
      equity: decimalText(equity),
    }));
    store.equityMarks.add(rows).catch((error: unknown) => {
      report(`The equity of the hour could not be stored: ${String(error)}`);
    });
  }
}

/** The full hours of the day before `nowMs`, oldest first, but the one that runs: its own reading marks it. */
function hoursBefore(nowMs: number): number[] {
  const now = hourOf(nowMs);
  return Array.from({ length: WINDOW_HOURS }, (_, index) => now - WINDOW_HOURS + index);
}

/** What moved the wallet at the very time is in it: what is counted since a mark is what came after. */
function walletAt(timeMs: number, walletNow: Decimal, movements: readonly Movement[]): EquityMark {
  const later = movements.filter((movement) => movement.timeMs > timeMs);
  return { asOfMs: timeMs, equity: later.reduce((left, { change }) => left.minus(change), walletNow) };
}
