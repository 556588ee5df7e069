import { type Decimal, decimalText, ZERO } from '../../src/core/base/decimal.ts';
import { directionSign } from '../../src/core/domain/order.ts';
import type { MatchingEvent, MatchingFill } from '../../src/core/matching/account-state.ts';
import type { Book } from '../../src/core/matching/book.ts';
import type { TradingAccount } from '../../src/core/matching/trading-account.ts';

/** What happened to the accounts that were looked at. */
export interface AuditCounts {
  readonly fills: number;
  readonly ladders: number;
  readonly takeOvers: number;
  readonly deleveragings: number;
  readonly deliveries: number;
  readonly fundings: number;
  /** Fills that both sides of are accounts. */
  readonly amongAccounts: number;
}

/**
 * Keeps the books of accounts a second time, from their fills alone, and throws when an account's own books
 * say otherwise, when a position outlives its margin, or when a debt is left.
 */
export class MoneyAudit {
  readonly counts = {
    fills: 0,
    ladders: 0,
    takeOvers: 0,
    deleveragings: 0,
    deliveries: 0,
    fundings: 0,
    amongAccounts: 0,
  };
  /** Trades among accounts looked at since the last comparison: quantity and value bought, less those sold. */
  private bought = { quantity: ZERO, value: ZERO };
  /** Paid and received so far, by account. */
  private readonly cash = new Map<string, Decimal>();
  private readonly fillIds = new Set<string>();
  private readonly seenPostings = new Map<string, number>();

  /** `book` gives the books that the fills since the last look were made from. */
  look(account: TradingAccount, timeMs: number, book: (instrumentId: string) => Book | null): void {
    this.note(account, account.drainEvents(), book);
    this.check(account, timeMs);
  }

  /** Takes in what happened. An order that filled against its cancel is filled at its own price, book or none. */
  note(
    account: TradingAccount,
    events: readonly MatchingEvent[],
    book: (instrumentId: string) => Book | null,
  ): void {
    const fills = events.flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
    const late = new Set(events.flatMap((each) => (each.kind === 'late-cancel' ? [each.order.orderId] : [])));
    this.addUp(account, fills);
    for (const fill of fills) {
      if (this.fillIds.has(fill.fillId)) throw new Error(`two fills are called ${fill.fillId}`);
      this.fillIds.add(fill.fillId);
      const fault = late.has(fill.order?.orderId ?? '') ? null : fillFault(fill, book);
      if (fault !== null) throw new Error(`account ${account.uid}, fill ${fill.sequence}: ${fault}`);
    }
  }

  /** Compares the account's books with what was noted. */
  check(account: TradingAccount, timeMs: number): void {
    this.addUp(account, []);
    for (const fault of this.faults(account))
      throw new Error(`account ${account.uid} at ${timeMs}: ${fault}`);
  }

  /** Once all accounts were looked at: what one of them bought from another, that one has sold. */
  compareSides(): void {
    const { quantity, value } = this.bought;
    if (quantity.isZero() && value.isZero()) return;
    throw new Error(`trades among accounts leave ${decimalText(quantity)} for ${decimalText(value)}`);
  }

  private addUp(account: TradingAccount, fills: readonly MatchingFill[]): void {
    let cash = this.cash.get(account.uid) ?? ZERO;
    for (const fill of fills) {
      this.count(fill);
      cash = cash.plus(cashOf(fill));
    }
    const seen = this.seenPostings.get(account.uid) ?? 0;
    const postings = account.ledger.postings();
    for (const posting of postings.slice(postings.findLastIndex((each) => each.sequence <= seen) + 1)) {
      if (posting.fillId === null) cash = cash.plus(posting.amount);
    }
    this.seenPostings.set(account.uid, postings.at(-1)?.sequence ?? 0);
    this.cash.set(account.uid, cash);
  }

  private *faults(account: TradingAccount): Generator<string> {
    const { mode, walletBalance, equity, maintenanceMargin } = account.margin();
    const open = account.openPositions();
    const held = open.reduce(
      (sum, each) => sum.plus(each.entryValue.times(directionSign(each.direction))),
      this.cash.get(account.uid) ?? ZERO,
    );
    if (!held.equals(walletBalance)) {
      yield `the wallet holds ${decimalText(walletBalance)}, what was paid and received makes ${decimalText(held)}`;
    }
    if (open.length === 0 && walletBalance.isNegative()) yield 'a debt is left without a position';
    if (open.length > 0 && !equity.greaterThan(ZERO)) yield 'positions are held without any equity';
    if (mode === 'isolated') yield* isolatedFaults(account);
    else if (open.length > 0 && equity.lessThanOrEqualTo(maintenanceMargin)) {
      yield 'the maintenance margin is gone without a liquidation';
    }
    for (const order of account.openOrders()) {
      if (order.filledQuantity.greaterThan(order.quantity)) yield 'an order is filled beyond its quantity';
      if (order.quantity.isNegative()) yield 'an order has a quantity below zero';
    }
  }

  private count({ execution, order, amongAccounts, side, quantity, price }: MatchingFill): void {
    this.counts.fills += 1;
    if (order?.origin === 'liquidation') this.counts.ladders += 1;
    if (order?.origin === 'take-over') this.counts.takeOvers += 1;
    if (execution === 'deleveraging') this.counts.deleveragings += 1;
    if (execution === 'delivery') this.counts.deliveries += 1;
    if (execution === 'funding') this.counts.fundings += 1;
    if (amongAccounts !== true) return;
    this.counts.amongAccounts += 1;
    const signed = side === 'buy' ? quantity : quantity.negated();
    this.bought = {
      quantity: this.bought.quantity.plus(signed),
      value: this.bought.value.plus(signed.times(price)),
    };
  }
}

function* isolatedFaults(account: TradingAccount): Generator<string> {
  for (const position of account.openPositions()) {
    const { unrealisedPnl, maintenance } = account.positionMargin(position);
    if (position.collateral.isNegative()) yield 'collateral below zero';
    if (position.collateral.plus(unrealisedPnl).lessThanOrEqualTo(maintenance)) {
      yield 'an isolated position has lost its maintenance margin without a liquidation';
    }
  }
}

/** Null for a fill the book of its moment could give: at its levels as taker, at the order's own price as maker. */
function fillFault(fill: MatchingFill, bookOf: (instrumentId: string) => Book | null): string | null {
  const { order, execution, price, side } = fill;
  const book = bookOf(fill.instrumentId);
  if (book === null || order === null || execution !== 'trade') return null;
  if (order.reduceOnly && !fill.closedQuantity.equals(fill.quantity)) return 'a reduce-only order opened';
  const best = book.bestFor(side);
  const worst = order.price ?? book.protectedPriceFor(side);
  const asked = order.price === null ? order.kind : decimalText(order.price);
  const text = `${side} at ${decimalText(price)} (${order.origin}, ${asked}), the book begins at ${decimalText(best)}`;
  const isReached = side === 'buy' ? price.greaterThanOrEqualTo(best) : price.lessThanOrEqualTo(best);
  // An account's order may rest at a better price than the quote has.
  if (!isReached && fill.amongAccounts !== true) return `filled before the book: ${text}`;
  if (fill.maker) return order.price?.equals(price) === true ? null : `a resting order filled: ${text}`;
  const isBeyond = side === 'buy' ? price.greaterThan(worst) : price.lessThan(worst);
  return isBeyond ? `filled outside the book: ${text}, ends at ${decimalText(worst)}` : null;
}

/** Funding pays its fee and nothing else. */
function cashOf(fill: MatchingFill): Decimal {
  const value = fill.execution === 'funding' ? ZERO : fill.price.times(fill.quantity);
  return (fill.side === 'buy' ? value.negated() : value).minus(fill.fee);
}
