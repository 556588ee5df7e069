import type { LedgerEntryView, LedgerStandingView } from '../api/ledger.ts';
import { decimalText } from '../core/base/decimal.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import type { Rows } from '../http/caller.ts';
import type { LedgerApi, LedgerRequest } from '../http/ledger-api.ts';
import type { LedgerBook, LedgerEntry } from '../store/ledger-row.ts';
import { StoreError } from '../store/store.ts';
import type { LedgerKeeper } from '../trading/ledger-keeper.ts';
import { findInstrumentId } from './coin-board.ts';
import { LEDGER_CSV_HEADER, ledgerCsv } from './ledger-csv.ts';
import type { TradingService } from './trading-service.ts';

/** Entries of one page of the export. */
const EXPORT_PAGE = 500;

/** The account's books as HTTP sees them. */
export class LedgerDesk implements LedgerApi {
  private readonly trading: TradingService;
  private readonly book: LedgerBook;
  private readonly keeper: LedgerKeeper;

  constructor(parts: {
    readonly trading: TradingService;
    readonly store: { readonly ledger: LedgerBook };
    readonly ledger: LedgerKeeper;
  }) {
    this.trading = parts.trading;
    this.book = parts.store.ledger;
    this.keeper = parts.ledger;
  }

  async standing(): Promise<LedgerStandingView | null> {
    const { keeper } = this;
    const standing = keeper.newest() ?? (await this.book.standing(keeper.accountId));
    if (standing === null) return null;
    const compared = keeper.comparison();
    const accounts = [...standing.balances].map(([account, balance]) => ({ account, balance }));
    return {
      openedMs: standing.openedMs,
      readToMs: standing.readToMs,
      accounts: accounts.toSorted((a, b) => (a.account < b.account ? -1 : 1)),
      comparison: compared === null ? null : comparisonView(compared),
      agreedMs: keeper.agreedAtMs() ?? standing.agreedMs,
      fault: keeper.failure(),
    };
  }

  async list({ limit, cursor, symbol }: LedgerRequest): Promise<Rows<LedgerEntryView> | null> {
    const instrumentId = symbol === null ? null : this.named(symbol);
    if (symbol !== null && instrumentId === null) return { rows: [], nextCursor: null };
    const { accountId } = this.keeper;
    const ofInstrument = instrumentId === null ? {} : { instrumentId };
    try {
      const { rows, nextCursor } = await this.book.list({ accountId, limit, cursor, ...ofInstrument });
      return { rows: rows.map(entryView), nextCursor };
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'cursor') return null;
      throw error;
    }
  }

  async *csv(): AsyncGenerator<string> {
    yield LEDGER_CSV_HEADER;
    const { accountId } = this.keeper;
    let cursor: string | null = null;
    do {
      const page = await this.book.list({ accountId, limit: EXPORT_PAGE, cursor });
      yield page.rows.map(ledgerCsv).join('');
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** One that is no longer listed may still have moved money, under its full name. */
  private named(symbol: string): InstrumentId | null {
    return findInstrumentId(this.trading, symbol) ?? parseInstrumentId(symbol.toUpperCase());
  }
}

function comparisonView({ asOfMs, ledger, exchange }: NonNullable<ReturnType<LedgerKeeper['comparison']>>) {
  const drift = decimalText(exchange.minus(ledger));
  return { asOfMs, ledger: decimalText(ledger), exchange: decimalText(exchange), drift };
}

function entryView(entry: LedgerEntry): LedgerEntryView {
  const { movementId, timeMs, kind, word, instrumentId, fillId, change, postings } = entry;
  return {
    ...{ id: movementId, timeMs, kind, word, symbol: instrumentId, fillId, change },
    postings: postings.map((posting) => ({ ...posting })),
  };
}
