/** Why the exchange says no to a request. */
export type RefusalKind =
  | 'unknown-instrument'
  | 'not-trading'
  | 'bad-quantity'
  | 'bad-price'
  | 'notional-min'
  | 'margin-short'
  | 'duplicate-client-id'
  | 'bad-client-id'
  | 'position-index'
  | 'nothing-to-reduce'
  | 'trigger-must-rise'
  | 'trigger-must-fall'
  | 'protection-side'
  | 'no-position'
  | 'too-many-orders'
  | 'too-many-conditionals'
  | 'order-unknown'
  | 'not-modified'
  | 'bad-leverage'
  | 'leverage-not-modified'
  | 'mode-not-modified'
  | 'mode-has-position'
  | 'mode-has-orders';

/** A refusal with a sentence for the person who reads the answer. */
export interface MatchingRefusal {
  readonly kind: RefusalKind;
  readonly detail: string;
}

export function refusal(kind: RefusalKind, detail: string): MatchingRefusal {
  return { kind, detail };
}
