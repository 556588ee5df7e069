import { ensure } from '../core/base/assert.ts';
import { epochOfOrderId } from '../core/engine/client-order-id.ts';
import type { Time } from '../platform/time.ts';
import { type HeldLease, type Store, StoreError } from '../store/store.ts';

/**
 * The account as this process holds it. A later process that takes it ends this one's entries and savings at once:
 * two that decide for one account would enter twice. Exits and stops go on, for they can only protect.
 */
export class AccountLease {
  readonly accountId: string;
  private readonly store: Store;
  private readonly time: Time;
  private readonly onLost: (detail: string) => void;
  private taken: HeldLease | null = null;
  private takenMs = 0;
  private lost = false;

  constructor(options: { store: Store; time: Time; accountId: string; onLost: (detail: string) => void }) {
    this.accountId = options.accountId;
    this.store = options.store;
    this.time = options.time;
    this.onLost = options.onLost;
  }

  /** Takes the account; gives the epoch. Rejects when the store fails. */
  async take(): Promise<number> {
    const { accountId } = this;
    const epoch = await this.store.takeEpoch(accountId, this.time.nowMs());
    this.taken = { accountId, epoch };
    this.takenMs = this.time.nowMs();
    return epoch;
  }

  /**
   * An order of this account under a later lease than ours, newer than ours, comes from a process with a memory of its own:
   * a copied home, which no lock and no database of this one knows of.
   */
  noteOrder(clientOrderId: string | null, timeMs: number): void {
    if (this.taken === null || this.lost || clientOrderId === null || timeMs < this.takenMs) return;
    const epoch = epochOfOrderId(clientOrderId, this.accountId);
    if (epoch !== null && epoch > this.taken.epoch) {
      this.lose(
        `Order ${clientOrderId} at the exchange was made under epoch ${epoch}, ours is ${this.taken.epoch}.`,
      );
    }
  }

  /** What to write under. Stops before it was taken: nothing is decided, and so nothing written, without a lease. */
  held(): HeldLease {
    return ensure(this.taken, 'What is written for an account is written under its lease.');
  }

  isTaken(): boolean {
    return this.taken !== null;
  }

  isLost(): boolean {
    return this.lost;
  }

  /** True when the store refused because the account is another's now; told to the owner once. */
  isLossOf(error: unknown): boolean {
    if (!(error instanceof StoreError && error.kind === 'lease-lost')) return false;
    if (!this.lost) this.lose(error.message);
    return true;
  }

  private lose(detail: string): void {
    this.lost = true;
    this.onLost(detail);
  }
}
