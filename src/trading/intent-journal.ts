import { decimalText } from '../core/base/decimal.ts';
import type { ApprovedOrder } from '../core/domain/order.ts';
import type { GiveUpOrder } from '../core/engine/decision.ts';
import type { Time } from '../platform/time.ts';
import type { EvidenceRow, IntentRow, IntentState } from '../store/intent-row.ts';
import type { Store } from '../store/store.ts';
import type { AccountLease } from './account-lease.ts';
import type { LookEvidence } from './order-look.ts';

/** A reduce-only order waits no longer than this for the journal: getting out comes first. */
const EXIT_JOURNAL_WAIT_MS = 50;

/** Whether an order may be sent as far as the journal goes. */
export type JournalOutcome = 'durable' | 'late' | 'lease-lost' | { readonly failed: string };

/**
 * The write-ahead journal of orders. An order that can add exposure is durable before its first byte is
 * sent, and written only while the account is ours; a reduce-only order is sent after 50 ms whatever the store
 * does, and recorded when it answers.
 */
export class IntentJournal {
  private readonly store: Store;
  private readonly time: Time;
  private readonly lease: AccountLease;
  private readonly onError: (message: string) => void;

  constructor(options: {
    store: Store;
    time: Time;
    lease: AccountLease;
    onError: (message: string) => void;
  }) {
    this.store = options.store;
    this.time = options.time;
    this.lease = options.lease;
    this.onError = options.onError;
  }

  /** Writes the intent. `late` comes for reduce-only orders alone, `lease-lost` for `isFenced` ones alone. */
  async prepare(order: ApprovedOrder): Promise<JournalOutcome> {
    const epoch = isFenced(order) ? this.lease.held().epoch : null;
    const written = this.store.addIntent(this.rowOf(order), epoch).then(
      (): JournalOutcome => 'durable',
      (error: unknown): JournalOutcome => this.failure(error),
    );
    if (order.kind === 'entry') return written;
    const outcome = await Promise.race([written, this.late()]);
    if (outcome !== 'durable') void this.reportLate(order, written);
    return outcome;
  }

  /**
   * Records what became of an intent; a store that fails is reported, never waited for, and so is a word that
   * contradicts what the journal holds: the store leaves that.
   */
  settle(clientOrderId: string, state: IntentState, detail: string): void {
    this.store.settleIntent(clientOrderId, state, detail, this.time.nowMs()).then(
      (move) => {
        if (move === 'forbidden')
          this.onError(
            `Intent ${clientOrderId} is said to be ${state}, which contradicts the journal: left as it is.`,
          );
      },
      (error: unknown) => {
        this.onError(`Intent ${clientOrderId} could not be settled as ${state}: ${String(error)}`);
      },
    );
  }

  /** Remembers until when, by the exchange's clock, the request of an intent may be accepted. */
  noteValidity(clientOrderId: string, validUntilMs: number): void {
    this.reportFailure(this.store.intents.noteValidity(clientOrderId, validUntilMs), clientOrderId);
  }

  /** Keeps what one look for an order has shown. */
  noteLook(clientOrderId: string, evidence: LookEvidence): void {
    this.addEvidence(clientOrderId, 'lookup', evidence);
  }

  /** Keeps why the engine expects nothing more of an order; its state stays what the last word on it made it. */
  noteGivenUp({ clientOrderId, code, detail }: GiveUpOrder): void {
    this.addEvidence(clientOrderId, 'given-up', { code, detail });
  }

  private addEvidence(clientOrderId: string, kind: EvidenceRow['kind'], evidence: object): void {
    const row = { clientOrderId, timeMs: this.time.nowMs(), kind };
    const added = this.store.intents.addEvidence({ ...row, evidenceJson: JSON.stringify(evidence) });
    this.reportFailure(added, clientOrderId);
  }

  private reportFailure(written: Promise<void>, clientOrderId: string): void {
    written.catch((error: unknown) => {
      this.onError(`What was found out about ${clientOrderId} could not be stored: ${String(error)}`);
    });
  }

  private failure(error: unknown): JournalOutcome {
    if (this.lease.isLossOf(error)) return 'lease-lost';
    return { failed: error instanceof Error ? error.message : String(error) };
  }

  private late(): Promise<JournalOutcome> {
    return new Promise((resolve) => {
      this.time.after(EXIT_JOURNAL_WAIT_MS, () => resolve('late'));
    });
  }

  private async reportLate(order: ApprovedOrder, written: Promise<JournalOutcome>): Promise<void> {
    const outcome = await written;
    if (typeof outcome === 'string') return;
    this.onError(`Exit ${order.clientOrderId} was sent without its journal row: ${outcome.failed}`);
  }

  private rowOf(order: ApprovedOrder): IntentRow {
    const nowMs = this.time.nowMs();
    const entry = order.kind === 'entry' ? order : null;
    return {
      clientOrderId: order.clientOrderId,
      accountId: this.lease.accountId,
      instrumentId: order.instrumentId,
      side: order.side,
      direction: order.direction,
      purpose: order.purpose,
      quantity: decimalText(order.quantity),
      reduceOnly: entry === null,
      stopPrice: entry === null ? null : decimalText(entry.stopPrice),
      takeProfitPrice:
        entry === null || entry.takeProfitPrice === null ? null : decimalText(entry.takeProfitPrice),
      leverage: entry?.leverage ?? null,
      referencePrice: entry === null ? null : decimalText(entry.referencePrice),
      timeframe: entry?.timeframe ?? null,
      entryRsi: entry?.rsi ?? null,
      entryTrend: entry?.trend ?? null,
      ladderId: entry?.ladderId ?? null,
      state: 'prepared',
      detail: '',
      createdMs: nowMs,
      updatedMs: nowMs,
      validUntilMs: null,
      surpriseMs: null,
    };
  }
}

/**
 * What two processes that hold the same position must not both order: an entry, and a part to be taken off. Closing
 * all of it twice closes it once, for it is reduce-only.
 */
function isFenced({ kind, purpose }: ApprovedOrder): boolean {
  return kind === 'entry' || purpose === 'partial-take-profit';
}
