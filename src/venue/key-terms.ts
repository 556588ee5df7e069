/** What a key may do and from where. */
export interface KeyTerms {
  /** `read` lets it ask, `trade` order and move stops, `withdraw` move money. */
  readonly permissions: readonly KeyPermission[];
  /** Addresses it works from; empty for all. */
  readonly ips: readonly string[];
  /** From when on it is refused; null for never. */
  readonly expiresMs: number | null;
}

export type KeyPermission = 'read' | 'trade' | 'withdraw';

/** Of a key nobody fixed anything for: everything but withdrawals, from anywhere, for ever. */
export const USUAL_KEY: KeyTerms = { permissions: ['read', 'trade'], ips: [], expiresMs: null };
