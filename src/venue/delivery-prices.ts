import { type Decimal, decimal } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Book } from '../core/matching/book.ts';

/** Before delivery, the index price of this long is averaged. */
const WINDOW_MS = 30 * 60_000;

/** Deliveries remembered. */
const ENDED_KEPT = 1000;

/** A contract that was delivered, under the spelling it had then. */
export interface PastDelivery {
  readonly symbol: string;
  readonly price: Decimal;
  readonly timeMs: number;
}

interface Average {
  readonly sum: Decimal;
  readonly count: number;
}

/** What it has gathered. */
export interface DeliveryRecords {
  readonly averages: readonly (readonly [InstrumentId, Average])[];
  /** Newest first. */
  readonly ended: readonly PastDelivery[];
}

/** The price at which a delisted contract is settled: the mean index price of its last 30 minutes. */
export class DeliveryPrices {
  private readonly averages = new Map<InstrumentId, Average>();
  private readonly ended: PastDelivery[] = [];

  /** Takes the index price of this moment in, when the instrument is about to be delivered. */
  note(instrument: Instrument, book: Book, nowMs: number): void {
    const { deliveryTimeMs } = instrument;
    if (deliveryTimeMs === null || nowMs < deliveryTimeMs - WINDOW_MS || nowMs > deliveryTimeMs) return;
    const average = this.averages.get(instrument.id) ?? { sum: decimal(0), count: 0 };
    this.averages.set(instrument.id, { sum: average.sum.plus(book.indexPrice), count: average.count + 1 });
  }

  /** All of it, for the books. */
  records(): DeliveryRecords {
    return { averages: [...this.averages], ended: this.ended };
  }

  /** Takes up what was gathered before. */
  resume({ averages, ended }: DeliveryRecords): void {
    for (const [instrumentId, average] of averages) this.averages.set(instrumentId, average);
    this.ended.push(...ended);
  }

  /** A contract whose positions are settled from now on. */
  end(book: Book, nowMs: number): void {
    const { instrument } = book;
    this.ended.unshift({
      symbol: instrument.exchangeSymbol,
      price: this.priceOf(book),
      timeMs: instrument.deliveryTimeMs ?? nowMs,
    });
    this.ended.length = Math.min(this.ended.length, ENDED_KEPT);
  }

  /** Newest first. */
  past(): readonly PastDelivery[] {
    return this.ended;
  }

  /** On the tick; the mark price where nothing was noted. */
  priceOf(book: Book): Decimal {
    const average = this.averages.get(book.instrument.id);
    if (average === undefined) return book.markPrice;
    const { tickSize } = book.instrument;
    return average.sum.dividedBy(average.count).dividedBy(tickSize).round().times(tickSize);
  }
}
