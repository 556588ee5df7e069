import { type Decimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { BoundedLog } from './bounded-log.ts';

/** Money that comes or goes without a trade. */
export type TransferKind = 'deposit' | 'withdrawal' | 'transfer-in' | 'transfer-out' | 'bonus' | 'fee-refund';

/** Why money moved. `insurance` makes up a loss beyond the account's money, as an exchange's fund does. */
export type PostingKind = TransferKind | 'realised-pnl' | 'fee' | 'funding' | 'insurance';

/** One movement of money in settlement currency; positive adds to the wallet. */
export interface Posting {
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: PostingKind;
  readonly amount: Decimal;
  readonly balanceAfter: Decimal;
  readonly instrumentId: InstrumentId | null;
  readonly orderId: string | null;
  readonly fillId: string | null;
}

export type PostingEntry = Omit<Posting, 'sequence' | 'balanceAfter'>;

/** Postings kept in memory; older ones are folded into `carriedBalance`. */
const POSTINGS_KEPT = 100_000;

/** The money of one account. The balance is the carried balance plus the sum of the postings, exactly. */
export class Ledger {
  private readonly log: BoundedLog<Posting>;
  private current: Decimal = ZERO;
  private carried: Decimal = ZERO;
  private sequence = 0;

  constructor(postingsKept: number = POSTINGS_KEPT) {
    this.log = new BoundedLog(postingsKept, (posting) => {
      this.carried = this.carried.plus(posting.amount);
    });
  }

  get balance(): Decimal {
    return this.current;
  }

  /** Sum of the postings no longer kept. */
  get carriedBalance(): Decimal {
    return this.carried;
  }

  /** Takes up where another ledger stood: its balance, and the postings it still kept, oldest first. */
  resume(balance: Decimal, postings: readonly Posting[]): void {
    this.log.resume(postings);
    this.current = balance;
    this.carried = postings.reduce((left, { amount }) => left.minus(amount), balance);
    this.sequence = postings.at(-1)?.sequence ?? 0;
  }

  /** Oldest first. */
  postings(): readonly Posting[] {
    return this.log.all();
  }

  /** Books a movement. A zero amount leaves no posting. */
  post(entry: PostingEntry): void {
    if (entry.amount.isZero()) return;
    this.sequence += 1;
    this.current = this.current.plus(entry.amount);
    this.log.append({ ...entry, sequence: this.sequence, balanceAfter: this.current });
  }
}
