import { type Decimal, decimal } from '../../src/core/base/decimal.ts';
import type { Rng } from '../../src/core/base/rng.ts';
import type { Instrument, InstrumentId } from '../../src/core/domain/instrument.ts';
import type { OrderPlacement, PositionIndex } from '../../src/core/matching/matching-order.ts';
import type { TradingAccount } from '../../src/core/matching/trading-account.ts';

/** Draws orders for instruments that cost around a hundred. */
export class OrderDraw {
  private readonly random: Rng;
  private readonly listed: readonly Instrument[];
  private readonly lastPrice: (instrumentId: InstrumentId) => Decimal;

  constructor(
    random: Rng,
    listed: readonly Instrument[],
    lastPrice: (instrumentId: InstrumentId) => Decimal,
  ) {
    this.random = random;
    this.listed = listed;
    this.lastPrice = lastPrice;
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.random.integer(list.length)];
    if (chosen === undefined) throw new Error('Nothing to choose from.');
    return chosen;
  }

  /** Any order an account may think of, sound or not. */
  placement(account: TradingAccount): OrderPlacement {
    const listed = this.pick(this.listed);
    const side = this.pick(['buy', 'sell'] as const);
    const kind = this.pick(['market', 'limit'] as const);
    const last = this.lastPrice(listed.id);
    const near = this.priceNear(listed.id);
    const isConditional = this.random.next() < 0.15;
    const direction = near.greaterThan(last) ? 'rise' : 'fall';
    const hedgeIndex: PositionIndex = this.random.next() < 0.5 ? 1 : 2;
    const away = (sign: number): Decimal =>
      last.plus(decimal(sign * (1 + this.random.integer(100))).dividedBy(10));
    const sign = side === 'buy' ? 1 : -1;
    return {
      clientOrderId: '',
      instrumentId: listed.id,
      side,
      kind,
      quantity: this.quantity(),
      price: kind === 'limit' ? near : null,
      timeInForce:
        kind === 'market'
          ? 'immediate-or-cancel'
          : this.pick(['good-till-cancel', 'good-till-cancel', 'post-only', 'fill-or-kill'] as const),
      positionIndex: account.isHedged(listed.id) ? hedgeIndex : 0,
      reduceOnly: this.random.next() < 0.2,
      closeOnTrigger: this.random.next() < 0.05,
      trigger: isConditional
        ? { price: near, direction, by: this.pick(['last', 'mark', 'index'] as const) }
        : null,
      stopLoss: this.random.next() < 0.3 ? { price: away(-sign), by: 'mark' } : null,
      takeProfit: this.random.next() < 0.2 ? { price: away(sign), by: 'last' } : null,
      protectionMode: this.random.next() < 0.3 ? 'partial' : 'full',
      selfMatch: this.pick(['none', 'none', 'cancel-maker', 'cancel-taker', 'cancel-both'] as const),
    };
  }

  /** Mostly small, sometimes far beyond what the book holds. */
  quantity(): Decimal {
    const size = this.random.next() ** 4 * 1500;
    return decimal(Math.max(1, Math.round(size * 1000))).dividedBy(1000);
  }

  priceNear(instrumentId: InstrumentId): Decimal {
    const last = this.lastPrice(instrumentId).toNumber();
    const price = last * (1 + 0.02 * this.random.normal());
    return decimal(Math.max(1, Math.round(price * 10))).dividedBy(10);
  }
}
