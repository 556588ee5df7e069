import type { Decimal } from '../../core/base/decimal.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { AccountState } from '../../core/matching/account-state.ts';
import type { TradingAccount } from '../../core/matching/trading-account.ts';
import type { DeliveryPrices, DeliveryRecords } from '../delivery-prices.ts';
import type { FeeDesk, FeeRecords } from '../fee-desk.ts';
import { FUNDINGS_KEPT, type FundingClock, type PastFunding } from '../funding-clock.ts';
import { AccountBooks } from './account-books.ts';
import { bookedInstrument, readBook } from './book-codec.ts';
import type { BookChange, BookRow, BookStore } from './book-store.ts';
import { MapShelf } from './shelf.ts';

/** What the exchange itself has to remember beside its accounts. */
export interface ExchangeRecords {
  readonly insurance: Decimal;
  readonly nameSeed: number;
  readonly ordersNamed: number;
  readonly fillsNamed: number;
}

/** The exchange as the books are kept of it. */
export interface KeptExchange {
  readonly fees: FeeDesk;
  readonly deliveries: DeliveryPrices;
  readonly fundings: FundingClock;
  readonly accounts: readonly TradingAccount[];
  readonly records: ExchangeRecords;
}

/** What one row says of the exchange itself, as `readBook.exchange` takes it. */
interface ExchangeTerms {
  readonly insurance: Decimal;
  readonly names: { readonly seed: number; readonly orders: number; readonly fills: number };
  readonly fees: FeeRecords;
  readonly deliveries: DeliveryRecords;
}

const EXCHANGE_SHELF = 'exchange';
const SHOWN_SHELF = 'funding-shown';
const PAID_SHELF = 'funding-paid';

/**
 * The books of a venue: everything it must know again when it is started anew. They are brought up to date before an
 * answer or a push leaves, so that nothing anybody was told is lost with the process.
 */
export class VenueBooks {
  private readonly store: BookStore;
  /** As they were read; given up when everything was restored from them. */
  private rows: readonly BookRow[];
  private readonly accounts = new Map<string, AccountBooks>();
  private readonly shown = new MapShelf<PastFunding>(SHOWN_SHELF);
  private readonly paidWritten = new Set<string>();
  private stalePaid: readonly string[] = [];
  private exchange = '';
  /** What a store has refused waits for its next try. */
  private unsaved: BookChange[] = [];

  /** Throws on a store that cannot be read. */
  constructor(store: BookStore) {
    this.store = store;
    this.rows = store.load();
  }

  /** The account as it was; null for one the books do not know. Throws on rows that make no sense. */
  account(uid: string): AccountState | null {
    const books = new AccountBooks(uid);
    this.accounts.set(uid, books);
    return books.restore(this.rows);
  }

  /** What the exchange remembered; null for books that were just opened. Throws on rows that make no sense. */
  restore({
    fees,
    deliveries,
    fundings,
  }: Omit<KeptExchange, 'accounts' | 'records'>): ExchangeRecords | null {
    const row = this.rows.find(({ shelf }) => shelf === EXCHANGE_SHELF);
    if (row === undefined) return null;
    this.exchange = row.text;
    const read = readBook.exchange(row.text);
    fees.resume(read.fees);
    deliveries.resume(read.deliveries);
    const shown = [...this.shown.restore(this.rows, readBook.funding)];
    fundings.resume(
      this.paid(),
      shown.map(([key, funding]) => [bookedInstrument(key), funding]),
    );
    const { seed, orders, fills } = read.names;
    return { insurance: read.insurance, nameSeed: seed, ordersNamed: orders, fillsNamed: fills };
  }

  /** Writes what has changed. Throws when it cannot be kept: then nobody may be told of it. */
  save(kept: KeptExchange): void {
    this.rows = [];
    this.unsaved.push(...this.changes(kept));
    if (this.unsaved.length === 0) return;
    this.store.save(this.unsaved);
    this.unsaved = [];
  }

  private *changes(kept: KeptExchange): Generator<BookChange> {
    for (const account of kept.accounts) {
      const books = this.accounts.get(account.uid);
      if (books !== undefined) yield* books.changes(account.records());
    }
    yield* this.fundingChanges(kept);
    const text = JSON.stringify(termsOf(kept));
    if (text !== this.exchange) yield { shelf: EXCHANGE_SHELF, key: '', text };
    this.exchange = text;
  }

  /** What was paid, of everything; what is shown, of what somebody holds: that is due though the venue be down. */
  private *fundingChanges({ fundings, accounts }: KeptExchange): Generator<BookChange> {
    for (const key of this.stalePaid) yield { shelf: PAID_SHELF, key, text: null };
    this.stalePaid = [];
    for (const [instrumentId, funding] of fundings.fallen()) {
      const key = `${instrumentId} ${funding.timeMs}`;
      if (this.paidWritten.has(key)) continue;
      this.paidWritten.add(key);
      yield { shelf: PAID_SHELF, key, text: JSON.stringify(funding) };
    }
    const held = accounts.flatMap((account) => account.openPositions());
    const shown = held.flatMap(({ instrumentId }): [InstrumentId, PastFunding][] => {
      const funding = fundings.shownOf(instrumentId);
      return funding === null ? [] : [[instrumentId, funding]];
    });
    yield* this.shown.changes(new Map(shown));
  }

  /** The newest of each instrument, oldest first; the others leave the books with the next change. */
  private paid(): readonly (readonly [InstrumentId, PastFunding])[] {
    const rows = this.rows.filter(({ shelf }) => shelf === PAID_SHELF).toReversed();
    const counts = new Map<InstrumentId, number>();
    const stale: string[] = [];
    const kept: [InstrumentId, PastFunding][] = [];
    for (const { key, text } of rows) {
      const instrumentId = bookedInstrument(key.split(' ')[0] ?? '');
      const count = (counts.get(instrumentId) ?? 0) + 1;
      counts.set(instrumentId, count);
      if (count > FUNDINGS_KEPT) stale.push(key);
      else kept.push([instrumentId, readBook.funding(text)]);
    }
    this.stalePaid = stale;
    return kept.toReversed();
  }
}

function termsOf({ fees, deliveries, records }: KeptExchange): ExchangeTerms {
  const { insurance, nameSeed, ordersNamed, fillsNamed } = records;
  return {
    insurance,
    names: { seed: nameSeed, orders: ordersNamed, fills: fillsNamed },
    fees: fees.records(),
    deliveries: deliveries.records(),
  };
}
