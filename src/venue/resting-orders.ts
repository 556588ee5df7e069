import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Side } from '../core/domain/order.ts';
import type { MatchingEvent } from '../core/matching/account-state.ts';
import type { Book, RestingOffer } from '../core/matching/book.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';

/** Orders that rest at this venue: what stands in its books beside the market's own levels. */
export class RestingOrders {
  private readonly accounts: () => readonly TradingAccount[];
  /** Whether anything rests, by instrument; absent where nobody has looked since the last change. */
  private readonly known = new Map<InstrumentId, boolean>();
  private readonly sequences = new Map<InstrumentId, { readonly book: Book; readonly sequence: number }>();

  constructor(accounts: () => readonly TradingAccount[]) {
    this.accounts = accounts;
  }

  /** What an order of `taker`'s side could take: the best price first, and at one price the oldest. */
  offers(instrumentId: InstrumentId, taker: Side): readonly RestingOffer[] {
    const sign = taker === 'buy' ? 1 : -1;
    return this.accounts()
      .flatMap((account) => account.offers(instrumentId, taker))
      .sort((a, b) => a.price.comparedTo(b.price) * sign || a.createdMs - b.createdMs);
  }

  /** True while any account's order rests in the instrument. */
  rests(instrumentId: InstrumentId): boolean {
    const known = this.known.get(instrumentId);
    if (known !== undefined) return known;
    const rests = this.accounts().some((account) =>
      (['buy', 'sell'] as const).some((taker) => account.offers(instrumentId, taker).length > 0),
    );
    this.known.set(instrumentId, rests);
    return rests;
  }

  /** Orders have come, changed or gone: the books they stand in are others now. */
  note(events: readonly MatchingEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'order') continue;
      const { instrumentId } = event.order;
      this.known.delete(instrumentId);
      const told = this.sequences.get(instrumentId);
      if (told !== undefined) this.sequences.set(instrumentId, { ...told, sequence: told.sequence + 1 });
    }
  }

  /** Grows whenever the book has changed, by a quote or by an order; begins with the time of the quote. */
  sequenceOf(book: Book): number {
    const { id } = book.instrument;
    const told = this.sequences.get(id);
    if (told?.book === book) return told.sequence;
    const sequence = Math.max(Math.floor(book.timeMs), (told?.sequence ?? 0) + 1);
    this.sequences.set(id, { book, sequence });
    return sequence;
  }
}
