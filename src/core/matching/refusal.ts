/** Why the exchange says no to a request. */
export type RefusalKind =
  | 'unknown-instrument'
  | 'not-trading'
  | 'bad-quantity'
  | 'bad-price'
  | 'price-band'
  | 'quantity-below-filled'
  | 'notional-min'
  | 'margin-short'
  | 'duplicate-client-id'
  | 'bad-client-id'
  | 'position-index'
  | 'nothing-to-reduce'
  | 'trigger-must-rise'
  | 'trigger-must-fall'
  | 'protection-side'
  | 'too-many-partials'
  | 'partial-beyond-position'
  | 'stops-of-partly-filled'
  | 'no-position'
  | 'too-many-orders'
  | 'too-many-conditionals'
  | 'order-unknown'
  | 'not-modified'
  | 'bad-leverage'
  | 'leverage-not-modified'
  | 'mode-not-modified'
  | 'mode-has-position'
  | 'mode-has-orders'
  | 'risk-limit'
  | 'margin-mode-not-modified'
  | 'margin-mode-refused'
  | 'cross-margin'
  | 'margin-not-held'
  | 'margin-add-short'
  | 'margin-too-much'
  | 'pre-delivery'
  | 'settling'
  | 'trading-forbidden'
  | 'money-short';

/** A refusal with a sentence for the person who reads the answer. */
export interface MatchingRefusal {
  readonly kind: RefusalKind;
  readonly detail: string;
}

export function refusal(kind: RefusalKind, detail: string): MatchingRefusal {
  return { kind, detail };
}
