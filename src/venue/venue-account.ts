import type { DecimalInput } from '../core/base/decimal.ts';
import type { KeyTerms } from './key-terms.ts';

/** An account and one key to it. Several keys of the same `uid` open the same account. */
export interface VenueAccount {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly uid: string;
  /** What the wallet starts with, in USDT; books that know the account know better. */
  readonly walletUsdt: DecimalInput;
  /** A fee tier it was promised; absent: by its volume. */
  readonly vipLevel?: string;
  /** Absent: may read and trade, from anywhere, for ever. */
  readonly key?: KeyTerms;
}
