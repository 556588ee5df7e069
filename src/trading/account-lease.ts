import { ensure } from '../core/base/assert.ts';
import type { Fill, Order } from '../core/domain/order.ts';
import { type OrderName, orderNameOf } from '../core/engine/client-order-id.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { type HeldLease, type Store, StoreError } from '../store/store.ts';

/** What names the orders of this process, and of no other. */
export interface OwnLease extends HeldLease {
  readonly instance: string;
}

export interface AccountLeaseOptions {
  readonly store: Store;
  readonly time: Time;
  readonly accountId: string;
  /** Six letters and digits that no other process drew. */
  readonly instance: string;
  /** It dates the orders. */
  readonly exchange: Pick<Exchange, 'timeMs' | 'readOrdersSince'>;
  readonly report: (message: string) => void;
  readonly onLost: (detail: string) => void;
}

/** A process that was killed may have left a request on its way: the exchange takes none that is older. */
const PREDECESSOR_MS = 10_000;
/** An older process that is told of our entry has heard of it by then, and enters no more. */
const TOLD_MS = 15_000;
/** The history of orders lags behind: it is read again this far back. */
const OVERLAP_MS = 60_000;

/**
 * The account as this process holds it. Two that decide for one account would enter twice: a later process that takes it
 * in the same database, or an entry at the exchange that another one made since, ends this one's entries and savings.
 * Exits and stops go on, for they can only protect, and so does whatever another one does to protect.
 */
export class AccountLease {
  readonly accountId: string;
  private readonly options: AccountLeaseOptions;
  private taken: OwnLease | null = null;
  private takenMonotonicMs = 0;
  private lost = false;
  private told = false;
  /** When the exchange took our first entry, and the newest of a process older than ours; null: none was seen. */
  private ownEntryMs: number | null = null;
  private olderEntryMs: number | null = null;
  private ordersReadMs = Number.NEGATIVE_INFINITY;
  private lookedMonotonicMs: number | null = null;

  constructor(options: AccountLeaseOptions) {
    this.accountId = options.accountId;
    this.options = options;
  }

  /** Takes the account; gives what names its orders. Rejects when the store fails. */
  async take(): Promise<OwnLease> {
    const { accountId } = this;
    const { store, time, instance } = this.options;
    const epoch = await store.takeEpoch(accountId, time.nowMs());
    this.taken = { accountId, epoch, instance };
    this.takenMonotonicMs = time.monotonicMs();
    return this.taken;
  }

  /**
   * An entry on this account that bears a name of our kind, and not ours, comes from a process with a memory of its own: a
   * copied home, which no lock and no database of this one knows of. Of an older one it says so only when a process
   * that ended before ours began cannot have sent it.
   */
  noteOrder({ clientOrderId, reduceOnly, createdMs, updatedMs }: Order): void {
    const name = clientOrderId === null ? null : orderNameOf(clientOrderId);
    if (this.taken === null || name === null || name.kind !== 'ordinary') return;
    // What only reduces needs no lease: it says no more than that its sender began, which of an older one is no news.
    if (reduceOnly && name.epoch <= this.taken.epoch) return;
    const atMs = createdMs ?? updatedMs;
    if (this.isOurs(name)) this.ownEntryMs = Math.min(this.ownEntryMs ?? atMs, atMs);
    else if (name.epoch >= this.taken.epoch) this.noteLater(String(clientOrderId), atMs);
    else if (createdMs !== undefined) this.noteOlder(createdMs);
    if (this.isLost()) this.tell(`Order ${clientOrderId} at the exchange was made by another process.`);
  }

  /** A fill tells no more than that an order of a later process exists: one of an older may have rested long. */
  noteFill({ clientOrderId, timeMs }: Fill): void {
    const name = clientOrderId === null ? null : orderNameOf(clientOrderId);
    if (this.taken === null || name === null || name.kind !== 'ordinary') return;
    if (name.epoch >= this.taken.epoch && !this.isOurs(name)) this.noteLater(String(clientOrderId), timeMs);
  }

  /** What to write under. Stops before it was taken: nothing is decided, and so nothing written, without a lease. */
  held(): HeldLease {
    const { accountId, epoch } = ensure(
      this.taken,
      'What is written for an account is written under its lease.',
    );
    return { accountId, epoch };
  }

  /**
   * Reads the names of the account's orders, at the start and at every reading of the account: what the stream tells of
   * another process may be lost. False: who else enters is not known.
   */
  async look(): Promise<boolean> {
    if (this.taken === null) return false;
    const { exchange, time, report } = this.options;
    const askedMs = time.monotonicMs();
    const sinceMs = Math.floor(Math.max(this.takenExchangeMs(), this.ordersReadMs) - OVERLAP_MS);
    const reading = await exchange.readOrdersSince(sinceMs, 'reconcile');
    if (reading.kind === 'unknown') {
      report(`The account's orders could not be read: ${reading.detail}`);
      return false;
    }
    for (const order of reading.value) this.noteOrder(order);
    this.ordersReadMs = reading.asOfMs;
    this.lookedMonotonicMs = askedMs;
    return true;
  }

  /** How long ago the newest complete look began, ms; null: there was none yet. */
  lookAgeMs(): number | null {
    return this.lookedMonotonicMs === null ? null : this.options.time.monotonicMs() - this.lookedMonotonicMs;
  }

  isTaken(): boolean {
    return this.taken !== null;
  }

  /**
   * An older process that entered after ours had is alive and does not heed us; before, nobody has told it, and it is we
   * who came second.
   */
  isLost(): boolean {
    if (this.lost || this.olderEntryMs === null) return this.lost;
    return this.ownEntryMs === null || this.olderEntryMs > this.ownEntryMs + TOLD_MS;
  }

  /** True when the store refused because the account is another's now; told to the owner once. */
  isLossOf(error: unknown): boolean {
    if (!(error instanceof StoreError && error.kind === 'lease-lost')) return false;
    this.lose(error.message);
    return true;
  }

  private isOurs({ epoch, instance }: OrderName): boolean {
    return epoch === this.taken?.epoch && instance === this.taken.instance;
  }

  /** A later one from before we began is over: its home is gone, or a clock was wrong. */
  private noteLater(clientOrderId: string, timeMs: number): void {
    if (timeMs < this.takenExchangeMs()) return;
    this.lose(`Order ${clientOrderId} at the exchange was made by a process that took the account after us.`);
  }

  private noteOlder(createdMs: number): void {
    if (createdMs > this.takenExchangeMs() + PREDECESSOR_MS)
      this.olderEntryMs = Math.max(this.olderEntryMs ?? createdMs, createdMs);
  }

  private takenExchangeMs(): number {
    const { time, exchange } = this.options;
    return exchange.timeMs() - (time.monotonicMs() - this.takenMonotonicMs);
  }

  private lose(detail: string): void {
    this.lost = true;
    this.tell(detail);
  }

  private tell(detail: string): void {
    if (this.told) return;
    this.told = true;
    this.options.onLost(detail);
  }
}
