import type { InstrumentId } from './instrument.ts';

/** In what the exchange's account and ours may differ: a closed list. */
export const DIFFERENCE_KINDS = [
  /** We hold it by all fills told, or held it until somebody else ended it; the exchange holds nothing. */
  'position-missing',
  /** The exchange holds what is not ours. */
  'position-foreign',
  'quantity-differs',
  /** The exchange holds the other direction of what we held. */
  'side-flipped',
  /** An order of ours that should rest does not, or was taken back by somebody else. */
  'order-missing',
  /** An order rests that is not ours, or that we know nothing of. */
  'order-foreign',
  /** An order of ours rests that we hold for over. */
  'order-not-ended',
  'stop-missing',
  /** Looser than what was confirmed, or tighter than ours: somebody moved it. */
  'stop-differs',
  /** Executions that belong to no order and no position of ours and left nothing behind. */
  'fill-unknown',
  /** The exchange calls an order of ours filled and does not tell its fills. */
  'fill-missing',
  'leverage-differs',
  'margin-mode-differs',
  'balance-differs',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** What can be compared by itself: a reading that lacks one of these says nothing of it. */
export const DIFFERENCE_SCOPES = [
  'position',
  'fill',
  'stop',
  'leverage',
  'order',
  'margin-mode',
  'balance',
] as const;
export type DifferenceScope = (typeof DIFFERENCE_SCOPES)[number];

/** One thing the exchange says otherwise than we do, at one reading. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly scope: DifferenceScope;
  /** What it is about within its scope, an instrument or an order: at one time it has one difference. */
  readonly about: string;
  /** Null where it is about the whole account. */
  readonly instrumentId: InstrumentId | null;
  /** What we hold, in words: `long 0.5`, `none`. */
  readonly ours: string;
  /** What the exchange says, in the same words. */
  readonly theirs: string;
  /** Executions that made it, as far as they are told. */
  readonly fillIds: readonly string[];
}

/** What one complete reading of the account differs in, and what of it was compared. */
export interface Comparison {
  /** Exchange time of the reading. */
  readonly asOfMs: number;
  readonly scopes: readonly DifferenceScope[];
  readonly differences: readonly Difference[];
  /** Whose stop and leverage it could not tell, although we hold them; absent: nobody's. */
  readonly unseen?: ReadonlySet<InstrumentId>;
}
