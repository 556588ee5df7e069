import { type Decimal, decimal } from '../../../src/core/base/decimal.ts';
import type { BookFill, Books, Placement } from '../venue-books.ts';

/** What one entry was meant to be worth, USDT; rounding to lots only ever makes it less. */
export interface Intended {
  readonly notionalUsdt: number;
  /** A market order fills away from the price its size was computed at, as a share. */
  readonly slippageRate: number;
}

/** Our own orders, as against those the venue makes for stops and liquidations. */
function isOurs(clientOrderId: string | null): clientOrderId is string {
  return clientOrderId !== null && clientOrderId !== '';
}

/** An id that was sent twice, or that the venue has two orders under, or that filled more than its order. */
export function doubledOrders(books: Books, placements: readonly Placement[]): readonly string[] {
  const found: string[] = [];
  for (const [id, times] of timesOf(placements.map(({ clientOrderId }) => clientOrderId))) {
    if (times > 1) found.push(`the order ${id} was sent ${times} times`);
  }
  const orders = [...books.openOrders, ...books.closedOrders].filter((order) => isOurs(order.clientOrderId));
  for (const [id, times] of timesOf(orders.map(({ clientOrderId }) => String(clientOrderId)))) {
    if (times > 1) found.push(`the venue holds ${times} orders under the id ${id}`);
  }
  const filled = new Map<string, Decimal>();
  for (const { clientOrderId, quantity } of books.fills) {
    if (isOurs(clientOrderId))
      filled.set(clientOrderId, (filled.get(clientOrderId) ?? decimal(0)).plus(decimal(quantity)));
  }
  for (const { clientOrderId, quantity } of orders) {
    const sum = filled.get(String(clientOrderId)) ?? decimal(0);
    if (sum.greaterThan(decimal(quantity)))
      found.push(`the order ${clientOrderId} filled ${sum} of ${quantity}`);
  }
  return found;
}

const ALONE_SLIPPAGE_RATE = 0.5;

/** From flat to flat: what was bought, or sold short, to open it. */
interface Stretch {
  readonly instrumentId: string;
  readonly openers: Set<string>;
  held: Decimal;
  openedUsdt: Decimal;
}

/** Positions that grew beyond what one entry was meant to be, and entries that met a position the other way. */
export function overgrown(fills: readonly BookFill[], intended: Intended): readonly string[] {
  const found: string[] = [];
  const stretches = new Map<string, Stretch>();
  for (const fill of fills) {
    if (fill.execution === 'funding') continue;
    const { instrumentId, clientOrderId } = fill;
    const closed = decimal(fill.closedQuantity);
    const opened = decimal(fill.quantity).minus(closed);
    if (closed.greaterThan(0) && opened.greaterThan(0))
      found.push(`${instrumentId}: the order ${clientOrderId} turned a position over`);
    const before = stretches.get(instrumentId) ?? blank(instrumentId);
    before.held = before.held.minus(closed);
    const stretch = before.held.isZero() ? blank(instrumentId) : before;
    stretches.set(instrumentId, stretch);
    if (opened.isZero()) continue;
    stretch.held = stretch.held.plus(opened);
    stretch.openers.add(String(clientOrderId));
    stretch.openedUsdt = stretch.openedUsdt.plus(opened.times(decimal(fill.price)));
    if (stretch.openedUsdt.greaterThan(mostOf(stretch, intended))) found.push(overgrowth(stretch));
  }
  return found;
}

/**
 * One order alone fills no more than it asks for, at whatever price a wild second leaves: it is held to no more than that
 * it was not sized for two.
 */
function mostOf({ openers }: Stretch, { notionalUsdt, slippageRate }: Intended): Decimal {
  return decimal(notionalUsdt * (openers.size === 1 ? 1 + ALONE_SLIPPAGE_RATE : 1 + slippageRate));
}

function overgrowth({ instrumentId, openedUsdt, openers }: Stretch): string {
  return `${instrumentId}: one position was opened for ${openedUsdt.toFixed(2)} USDT by ${[...openers].join(', ')}`;
}

function blank(instrumentId: string): Stretch {
  return { instrumentId, openers: new Set(), held: decimal(0), openedUsdt: decimal(0) };
}

function timesOf(values: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return times;
}
