import type { Decimal } from '../../core/base/decimal.ts';
import {
  type AccountState,
  type ClosedPnl,
  emptyAccountState,
  type MatchingFill,
} from '../../core/matching/account-state.ts';
import type { Posting } from '../../core/matching/ledger.ts';
import type { MatchingOrder } from '../../core/matching/matching-order.ts';
import type { MatchingPosition } from '../../core/matching/matching-position.ts';
import { type AccountTerms, bookedInstrument, readBook } from './book-codec.ts';
import type { BookChange, BookRow } from './book-store.ts';
import { LogShelf, MapShelf } from './shelf.ts';

/**
 * The books of one account. What changed is found by comparing with what was written last, so nothing the matching does
 * can be forgotten here; what it replaces is another object, so comparing costs next to nothing.
 */
export class AccountBooks {
  private readonly uid: string;
  private readonly termsShelf: string;
  private readonly idShelf: string;
  private terms = '';
  private readonly positions: MapShelf<MatchingPosition>;
  private readonly openOrders: MapShelf<MatchingOrder>;
  private readonly leverage: MapShelf<Decimal>;
  private readonly hedged: MapShelf<boolean>;
  private readonly closedOrders: LogShelf<MatchingOrder>;
  private readonly fills: LogShelf<MatchingFill>;
  private readonly closedPnl: LogShelf<ClosedPnl>;
  private readonly postings: LogShelf<Posting>;
  /** Goes on where it stopped when the set has grown: it is never asked for more than there is. */
  private ids: Iterator<string> | null = null;
  private idsWritten = 0;

  constructor(uid: string) {
    const shelf = (name: string): string => `${uid}/${name}`;
    this.uid = uid;
    this.termsShelf = shelf('terms');
    this.idShelf = shelf('client-order-id');
    this.positions = new MapShelf(shelf('position'));
    this.openOrders = new MapShelf(shelf('open-order'));
    this.leverage = new MapShelf(shelf('leverage'));
    this.hedged = new MapShelf(shelf('hedged'));
    this.closedOrders = new LogShelf(shelf('closed-order'), ({ orderId }) => orderId);
    this.fills = new LogShelf<MatchingFill>(shelf('fill'), bySequence);
    this.closedPnl = new LogShelf<ClosedPnl>(shelf('closed-pnl'), bySequence);
    this.postings = new LogShelf<Posting>(shelf('posting'), bySequence);
  }

  /** The account as the books have it; null when they know none of this number. Throws on rows that make no sense. */
  restore(rows: readonly BookRow[]): AccountState | null {
    const own = rows.filter(({ shelf }) => shelf.startsWith(`${this.uid}/`));
    const written = own.find(({ shelf }) => shelf === this.termsShelf);
    if (written === undefined) return null;
    const terms = readBook.terms(written.text);
    const state = emptyAccountState(this.uid, terms.feeRates);
    this.terms = written.text;
    state.marginMode = terms.marginMode;
    state.hedgedByDefault = terms.hedgedByDefault;
    state.orderSequence = terms.orderSequence;
    state.fillSequence = terms.fillSequence;
    state.ledger.resume(terms.balance, this.postings.restore(own, readBook.posting));
    state.closedOrders.resume(this.closedOrders.restore(own, readBook.order));
    state.fills.resume(this.fills.restore(own, readBook.fill));
    state.closedPnl.resume(this.closedPnl.restore(own, readBook.closedPnl));
    for (const [key, each] of this.positions.restore(own, readBook.position)) state.positions.set(key, each);
    for (const [key, each] of this.openOrders.restore(own, readBook.order)) state.openOrders.set(key, each);
    for (const [key, each] of this.leverage.restore(own, readBook.money))
      state.leverage.set(bookedInstrument(key), each);
    for (const [key, each] of this.hedged.restore(own, readBook.flag))
      state.hedged.set(bookedInstrument(key), each);
    for (const { shelf, key } of own) if (shelf === this.idShelf) state.usedClientOrderIds.add(key);
    for (const _ of this.clientOrderIds(state));
    return state;
  }

  /** What the books lack of the account; it counts as written from now on. */
  *changes(state: Readonly<AccountState>): Generator<BookChange> {
    const text = JSON.stringify(termsOf(state));
    if (text !== this.terms) yield { shelf: this.termsShelf, key: '', text };
    this.terms = text;
    yield* this.positions.changes(state.positions);
    yield* this.openOrders.changes(state.openOrders);
    yield* this.closedOrders.changes(state.closedOrders);
    const fills = [...this.fills.changes(state.fills)];
    yield* fills;
    yield* this.closedPnl.changes(state.closedPnl);
    yield* this.mergedPnl(state, fills.length);
    yield* this.postings.changes({ all: () => state.ledger.postings() });
    yield* this.leverage.changes(state.leverage);
    yield* this.hedged.changes(state.hedged);
    for (const key of this.clientOrderIds(state)) yield { shelf: this.idShelf, key, text: '""' };
  }

  /** A record of profit takes the later fills of its order in: it is replaced where it stands. */
  private *mergedPnl(state: Readonly<AccountState>, fillCount: number): Generator<BookChange> {
    const records = state.closedPnl.all();
    const orderIds = new Set(fillCount === 0 ? [] : state.fills.all().slice(-fillCount).map(orderIdOf));
    for (const orderId of orderIds) {
      const record = records.findLast(({ order }) => order.orderId === orderId);
      if (record !== undefined && record.fillCount > 1) yield this.closedPnl.rewrite(record);
    }
  }

  private *clientOrderIds({ usedClientOrderIds }: Readonly<AccountState>): Generator<string> {
    this.ids ??= usedClientOrderIds.values();
    for (; this.idsWritten < usedClientOrderIds.size; this.idsWritten += 1) yield this.ids.next().value;
  }
}

function termsOf(state: Readonly<AccountState>): AccountTerms {
  const { marginMode, hedgedByDefault, feeRates, orderSequence, fillSequence, ledger } = state;
  return { marginMode, hedgedByDefault, feeRates, balance: ledger.balance, orderSequence, fillSequence };
}

function orderIdOf({ order }: MatchingFill): string | null {
  return order?.orderId ?? null;
}

function bySequence({ sequence }: { readonly sequence: number }): string {
  return String(sequence);
}
