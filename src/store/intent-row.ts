import type { OrderState } from '../core/domain/order-state.ts';

/** Where an intent stands. A row that is `prepared` may have been sent: nothing is written between the two. */
export type IntentState = Exclude<OrderState, 'sent' | 'given-up'>;

/** An order that is about to be sent, or was. */
export interface IntentRow {
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly direction: string;
  readonly purpose: string;
  readonly quantity: string;
  readonly reduceOnly: boolean;
  readonly stopPrice: string | null;
  readonly takeProfitPrice: string | null;
  /** What an entry was decided on, so that its position can be rebuilt from here; null for exits. */
  readonly leverage: number | null;
  readonly referencePrice: string | null;
  readonly timeframe: string | null;
  readonly entryRsi: number | null;
  readonly entryTrend: string | null;
  /** The first order of the ladder it is a rung of; null for an entry alone and for exits. */
  readonly ladderId: string | null;
  readonly state: IntentState;
  readonly detail: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** By the exchange's clock, when its request can be accepted no more; null where nobody had to know. */
  readonly validUntilMs: number | null;
  /** When a word said that it exists although it was concluded that it does not; null: never. */
  readonly surpriseMs: number | null;
}

/** An entry that may have opened a position which nobody knows to be over. */
export interface LastEntry extends IntentRow {
  /**
   * Null: no end of its position is recorded. Else one is, and more of the entry may have filled since: how much of it
   * that position had, base units, and all executions it was made of.
   */
  readonly over: { readonly quantity: string; readonly fillIds: readonly string[] } | null;
}

/** An intent with all that was found out about it, oldest first. */
export interface IntentFile {
  readonly intent: IntentRow;
  readonly evidence: readonly EvidenceRow[];
}

/**
 * What was found out about an intent at one moment. `lookup`: what the exchange was asked and said; `word`: a word on
 * it that contradicts what was known; `given-up`: why nothing more is expected of it without a word on it.
 */
export interface EvidenceRow {
  readonly clientOrderId: string;
  readonly timeMs: number;
  readonly kind: 'lookup' | 'word' | 'given-up';
  /** JSON object text. */
  readonly evidenceJson: string;
}
