import { type Decimal, decimal, decimalText } from '../core/base/decimal.ts';
import type { Movement } from '../core/domain/movement.ts';
import { openingPostings, type Posting, postingsOf } from '../core/ledger/postings.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { LedgerBook, LedgerEntry, LedgerStanding, PostingRow } from '../store/ledger-row.ts';
import type { AccountReading } from './account-sync.ts';
import {
  contradictionNotice,
  type LedgerComparison,
  type LedgerNotice,
  unexplainedNotice,
} from './ledger-notice.ts';
import { LedgerWatch } from './ledger-watch.ts';

const DAY_MS = 86_400_000;
/** A ledger is opened this far back: what was before is its opening balance. */
const FIRST_DAYS_MS = 7 * DAY_MS;
/** A row may come into the list this much later than what it tells of. */
const OVERLAP_MS = 60_000;
/** A wallet that has not changed for so long has all that made it in the list. */
const SETTLED_MS = 15_000;
/** Without any change of the wallet the list is read again after this. */
const QUIET_MS = 60_000;
/** While ledger and wallet differ, all since they last agreed is read again this often. */
const LOOK_BACK_MS = 5 * 60_000;

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface LedgerKeeperOptions {
  readonly exchange: Pick<Exchange, 'readBalance' | 'readMovements'>;
  readonly book: LedgerBook;
  readonly time: Time;
  readonly accountId: string;
  /** Null before the account is known. */
  readonly newest: () => Pick<AccountReading, 'balance'> | null;
  readonly tell: (notice: LedgerNotice) => void;
  readonly report: (message: string) => void;
}

/**
 * Keeps the account's books by double entry: reads what the exchange says moved the wallet, books each of it once by its
 * id, and holds the sum against the wallet, which it must equal to the last digit. It decides nothing and stops nothing.
 */
export class LedgerKeeper {
  private readonly options: LedgerKeeperOptions;
  private readonly watch = new LedgerWatch();
  private readonly toldOtherwise = new Set<string>();
  private standing: LedgerStanding | null = null;
  /** When they were last seen equal; written down with the next booking. */
  private agreedMs = 0;
  /** The wallet as it was last seen between two readings that agree, and since when, monotonic. */
  private wallet: { readonly amount: Decimal; readonly sinceMs: number } | null = null;
  private readMs = Number.NEGATIVE_INFINITY;
  private lookedBackMs = Number.NEGATIVE_INFINITY;
  private fault: string | null = null;

  constructor(options: LedgerKeeperOptions) {
    this.options = options;
  }

  get accountId(): string {
    return this.options.accountId;
  }

  /** The newest complete comparison with the wallet; null before the first of this process. */
  comparison(): LedgerComparison | null {
    return this.watch.newest();
  }

  /** True while ledger and wallet differ, and not because an entry is late. */
  isApart(): boolean {
    return this.watch.isLasting();
  }

  /** How far was read and what the balances are; null before the ledger was opened, or known to this process. */
  newest(): LedgerStanding | null {
    return this.standing;
  }

  /** When ledger and wallet were last seen to be equal, by the exchange's clock; null: never. */
  agreedAtMs(): number | null {
    return this.agreedMs === 0 ? null : this.agreedMs;
  }

  /** Why the books could not be kept at the last try; null: they could. */
  failure(): string | null {
    return this.fault;
  }

  /** Reads on where something may have moved. What fails now is read the next time. */
  async keep(): Promise<void> {
    if (!this.isDue()) return;
    const { book, accountId, time, report } = this.options;
    this.standing ??= await book.standing(accountId);
    this.agreedMs = Math.max(this.agreedMs, this.standing?.agreedMs ?? 0);
    const startedMs = time.monotonicMs();
    const fault = await this.readOn();
    if (fault === null) this.readMs = startedMs;
    else if (this.fault === null) report(`The ledger could not be kept: ${fault}`);
    this.fault = fault;
  }

  private isDue(): boolean {
    const reading = this.options.newest();
    if (reading === null) return false;
    const compared = this.watch.newest();
    if (compared === null || this.watch.isApart() || this.fault !== null) return true;
    if (this.options.time.monotonicMs() - this.readMs >= QUIET_MS) return true;
    return !compared.exchange.equals(reading.balance.walletBalance);
  }

  /** Null, or what stood in the way. The wallet is read before the list and after it: in between nothing may move. */
  private async readOn(): Promise<string | null> {
    const { exchange } = this.options;
    const before = await exchange.readBalance('scan');
    if (before.kind === 'unknown') return before.detail;
    // By a clock of ours that is ahead, what has not been listed yet would count as read, and as agreed upon.
    const untilMs = before.asOfMs;
    const unopened = new Map<string, Movement>();
    const fromMs = this.standing === null ? untilMs - FIRST_DAYS_MS : this.fromMs(this.standing);
    const fault = await this.readDays({ fromMs, untilMs }, unopened);
    if (fault !== null) return fault;
    const after = await exchange.readBalance('scan');
    if (after.kind === 'unknown') return after.detail;
    const wallet = after.value.walletBalance;
    if (!wallet.equals(before.value.walletBalance)) return null;
    if (this.standing === null && this.isSettled(wallet))
      await this.open([...unopened.values()], wallet, { fromMs, untilMs });
    this.compare(wallet, before.asOfMs);
    await this.writeAgreement();
    return null;
  }

  /** Books what is read day by day: after a long outage, what was read before a fault need not be read again. */
  private async readDays({ fromMs, untilMs }: Span, unopened: Map<string, Movement>): Promise<string | null> {
    for (let sinceMs = fromMs; sinceMs <= untilMs; sinceMs += DAY_MS) {
      const readToMs = Math.min(untilMs, sinceMs + DAY_MS - 1);
      const reading = await this.options.exchange.readMovements(sinceMs, readToMs);
      if (reading.kind === 'unknown') return reading.detail;
      if (this.standing !== null) await this.book(this.standing, reading.value, readToMs);
      else for (const movement of reading.value) unopened.set(movement.id, movement);
    }
    return null;
  }

  private fromMs({ readToMs }: LedgerStanding): number {
    const fromMs = readToMs - OVERLAP_MS;
    const nowMs = this.options.time.monotonicMs();
    if (!this.watch.isApart() || nowMs - this.lookedBackMs < LOOK_BACK_MS) return fromMs;
    this.lookedBackMs = nowMs;
    return Math.min(fromMs, this.agreedMs - OVERLAP_MS);
  }

  private isSettled(amount: Decimal): boolean {
    const nowMs = this.options.time.monotonicMs();
    if (this.wallet?.amount.equals(amount) !== true) this.wallet = { amount, sinceMs: nowMs };
    return nowMs - this.wallet.sinceMs >= SETTLED_MS;
  }

  /** What the movements of the first reading do not account for was there before them. */
  private async open(
    movements: readonly Movement[],
    wallet: Decimal,
    { fromMs, untilMs }: Span,
  ): Promise<void> {
    const { accountId, book } = this.options;
    const before = movements.reduce((left, { change }) => left.minus(change), wallet);
    const mark = { openedMs: fromMs, readToMs: untilMs, agreedMs: untilMs };
    const entries = [openingEntry(before, fromMs), ...movements.map(entryOf)];
    this.standing = (await book.book(accountId, entries, mark)).standing;
    this.agreedMs = untilMs;
    for (const movement of movements)
      if (movement.kind === 'unknown') this.options.tell(unexplainedNotice(movement));
  }

  private async book(
    standing: LedgerStanding,
    movements: readonly Movement[],
    untilMs: number,
  ): Promise<void> {
    const { accountId, book, tell } = this.options;
    const readToMs = Math.max(standing.readToMs, untilMs);
    const mark = { openedMs: standing.openedMs, readToMs, agreedMs: this.agreedMs };
    const booked = await book.book(accountId, movements.map(entryOf), mark);
    this.standing = booked.standing;
    const added = new Set(booked.added);
    const contradicted = new Set(booked.contradicted);
    for (const movement of movements) {
      if (movement.kind === 'unknown' && added.has(movement.id)) tell(unexplainedNotice(movement));
      if (!contradicted.has(movement.id) || this.toldOtherwise.has(movement.id)) continue;
      this.toldOtherwise.add(movement.id);
      tell(contradictionNotice(movement));
    }
  }

  /** Closed positions wait for it: their funding is known from then on. */
  private async writeAgreement(): Promise<void> {
    const { standing } = this;
    if (standing === null || standing.agreedMs >= this.agreedMs) return;
    const mark = { openedMs: standing.openedMs, readToMs: standing.readToMs, agreedMs: this.agreedMs };
    this.standing = (await this.options.book.book(this.options.accountId, [], mark)).standing;
  }

  private compare(exchange: Decimal, asOfMs: number): void {
    if (this.standing === null) return;
    const ledger = decimal(this.standing.balances.get('wallet') ?? '0');
    const notice = this.watch.judge({ asOfMs, ledger, exchange }, this.options.time.monotonicMs());
    if (notice !== null) this.options.tell(notice);
    if (this.watch.isApart()) return;
    this.agreedMs = Math.max(this.agreedMs, asOfMs);
    this.lookedBackMs = Number.NEGATIVE_INFINITY;
  }
}

/** A movement as it is stored, with what it is booked as. */
export function entryOf(movement: Movement): LedgerEntry {
  const { id, kind, word, timeMs, instrumentId, fillId, change, cashFlow, funding, fee, heldAfter } =
    movement;
  return {
    ...{ movementId: id, kind, word, timeMs, instrumentId, fillId, change: decimalText(change) },
    cashFlow: textOf(cashFlow),
    funding: textOf(funding),
    fee: textOf(fee),
    heldAfter: textOf(heldAfter),
    postings: postingsOf(movement).map(rowOf),
  };
}

function openingEntry(before: Decimal, timeMs: number): LedgerEntry {
  return {
    ...{ movementId: 'opening', kind: 'opening', word: '', timeMs, change: decimalText(before) },
    ...{ instrumentId: null, fillId: null, cashFlow: null, funding: null, fee: null, heldAfter: null },
    postings: openingPostings(before).map(rowOf),
  };
}

function rowOf({ debit, credit, amount }: Posting): PostingRow {
  return { debit, credit, amount: decimalText(amount) };
}

function textOf(amount: Decimal | null): string | null {
  return amount === null ? null : decimalText(amount);
}
