import { type Decimal, ZERO } from '../core/base/decimal.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';

/** What a walk has paid at settlements: in all, for what is open, and for what has just ended. Below zero: received. */
export class PastFunding {
  private sum: Decimal = ZERO;
  private readonly open = new Map<InstrumentId, Decimal>();
  private readonly ended = new Map<InstrumentId, Decimal>();

  get total(): Decimal {
    return this.sum;
  }

  note(id: InstrumentId, paid: Decimal): void {
    this.sum = this.sum.plus(paid);
    this.open.set(id, this.ofOpen(id).plus(paid));
  }

  /** For the position that is open. */
  ofOpen(id: InstrumentId): Decimal {
    return this.open.get(id) ?? ZERO;
  }

  /** Nothing is held on an instrument. */
  end(id: InstrumentId): void {
    const paid = this.open.get(id);
    if (paid !== undefined) this.ended.set(id, paid);
    this.open.delete(id);
  }

  /** For the position that has just ended; told once. */
  take(id: InstrumentId): Decimal {
    const paid = this.ended.get(id) ?? ZERO;
    this.ended.delete(id);
    return paid;
  }
}
