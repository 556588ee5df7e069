import type { EmergencyRoom } from '../platform/disk-reserve.ts';
import type { Time } from '../platform/time.ts';
import { StoreError, type StoreErrorKind } from './store.ts';

/** A lock that is gone sooner is no fault: other programs may look at the database. */
const LOCK_PATIENCE_MS = 1_000;

const FULL =
  'The disk is full: only what protects positions is stored. Make room on it; entries start again by themselves.';
const LOCKED =
  'Another program has locked the trading database. Entries start again by themselves when it lets go of it.';
const DAMAGED =
  'The trading database is damaged. Look at it with "infobot db check"; bring back a backup with "infobot db restore".';

interface Failure {
  readonly kind: StoreErrorKind;
  readonly message: string;
  /** Monotonic time of the first of the failures in a row. */
  readonly sinceMs: number;
}

/** Whether what is written gets to the disk, and what to do when the disk is full. Only a write that succeeds is evidence. */
export class WriteHealth {
  private readonly time: Time;
  private readonly room: EmergencyRoom | null;
  private failure: Failure | null = null;

  constructor({ time, room }: { readonly time: Time; readonly room: EmergencyRoom | null }) {
    this.time = time;
    this.room = room;
  }

  noteSuccess(): void {
    this.failure = null;
  }

  /** True when room was made for another try. */
  noteFailure(error: unknown): boolean {
    if (!(error instanceof StoreError) || !isOfTheDisk(error.kind)) return false;
    const sinceMs = this.failure?.sinceMs ?? this.time.monotonicMs();
    this.failure = { kind: error.kind, message: error.message, sinceMs };
    return error.kind === 'full' && this.room?.release() === true;
  }

  isFailing(): boolean {
    return this.failure !== null;
  }

  /** Why only what protects positions may be written, as a sentence; null: everything may be. */
  scarcity(): string | null {
    return this.room?.isHeld() === false ? FULL : null;
  }

  fault(): string | null {
    if (this.failure === null) return this.scarcity();
    const { kind, message, sinceMs } = this.failure;
    if (kind === 'full') return FULL;
    if (kind === 'corrupt') return DAMAGED;
    if (kind !== 'busy') return `The trading database cannot be written (${message}).`;
    return this.time.monotonicMs() - sinceMs < LOCK_PATIENCE_MS ? this.scarcity() : LOCKED;
  }

  /** Sets the emergency room aside again once the disk has room. */
  async makeRoom(): Promise<void> {
    await this.room?.restore();
  }
}

/** The rest is about a row, or about who may write. */
function isOfTheDisk(kind: StoreErrorKind): boolean {
  return kind === 'busy' || kind === 'full' || kind === 'corrupt' || kind === 'failed';
}
