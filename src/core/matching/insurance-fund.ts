import { type Decimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { type Direction, directionSign } from '../domain/order.ts';

/** A position whose holder has no money left for it. Prices in quote currency. */
export interface TakenOver {
  readonly uid: string;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  /** At which the holder was bought out: his money ends there. */
  readonly bankruptcyPrice: Decimal;
  readonly markPrice: Decimal;
}

/**
 * The money of the exchange that stands between bankrupt positions and everybody else. What it takes over it
 * closes at the mark price at once. What it cannot pay waits for deleveraging: holders of the other side are
 * closed at the bankruptcy price.
 */
export class InsuranceFund {
  private money: Decimal;
  private unpaid: TakenOver[] = [];

  constructor(money: Decimal) {
    this.money = money;
  }

  /** Below zero when the exchange itself had to pay. */
  get balance(): Decimal {
    return this.money;
  }

  /** Takes a position, or leaves it for deleveraging when it would cost more than there is. */
  takeOver(taken: TakenOver): void {
    const after = this.money.plus(gainOf(taken, taken.quantity));
    if (after.lessThan(ZERO)) this.unpaid.push(taken);
    else this.money = after;
  }

  /** Pays a loss beyond an account's money. */
  cover(amount: Decimal): void {
    this.money = this.money.minus(amount);
  }

  /** Adds to the fund, or takes from it. */
  receive(amount: Decimal): void {
    this.money = this.money.plus(amount);
  }

  /** What waits for deleveraging; it is forgotten here. */
  drainUnpaid(): readonly TakenOver[] {
    const unpaid = this.unpaid;
    this.unpaid = [];
    return unpaid;
  }

  /** Bears what deleveraging found no counterparty for. */
  bear(taken: TakenOver, quantity: Decimal): void {
    this.money = this.money.plus(gainOf(taken, quantity));
  }
}

function gainOf(taken: TakenOver, quantity: Decimal): Decimal {
  const sign = directionSign(taken.direction);
  return taken.markPrice.minus(taken.bankruptcyPrice).times(sign).times(quantity);
}
