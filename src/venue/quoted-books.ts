import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { Book } from '../core/matching/book.ts';
import type { Quote } from './market/market-source.ts';
import type { RestingOrders } from './resting-orders.ts';

/** The book of every instrument, made of its quote when it is asked for. */
export class QuotedBooks {
  private readonly resting: RestingOrders;
  private readonly books = new Map<InstrumentId, { readonly quote: Quote; readonly book: Book }>();

  constructor(resting: RestingOrders) {
    this.resting = resting;
  }

  /** The same book as long as instrument and quote are the same: what is taken from it stays taken. */
  at(instrument: Instrument, quote: Quote): Book {
    const { id } = instrument;
    const known = this.books.get(id);
    if (known?.book.instrument === instrument && isSameQuote(known.quote, quote)) return known.book;
    const book = new Book(instrument, quote, (taker) => this.resting.offers(id, taker));
    this.books.set(id, { quote, book });
    return book;
  }

  /** The last one made; undefined where none was. */
  lastOf(instrumentId: InstrumentId): Book | undefined {
    return this.books.get(instrumentId)?.book;
  }

  /** True where the book holds something else than the quote says: orders that rest in it, or what is left of it. */
  isTouched(instrumentId: InstrumentId, quote: Quote): boolean {
    if (this.resting.rests(instrumentId)) return true;
    const known = this.books.get(instrumentId);
    return known?.book.isTaken === true && isSameQuote(known.quote, quote);
  }
}

function isSameQuote(a: Quote, b: Quote): boolean {
  return (
    a.timeMs === b.timeMs &&
    a.lastPrice === b.lastPrice &&
    a.markPrice === b.markPrice &&
    a.indexPrice === b.indexPrice &&
    a.topQuantity === b.topQuantity
  );
}
