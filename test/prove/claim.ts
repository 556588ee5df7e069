import { decimal } from '../../src/core/base/decimal.ts';
import type { Pair } from './processes.ts';
import { type Books, readBooks } from './venue-books.ts';

/** What the bots service says it holds. */
interface Claim {
  readonly rows: readonly {
    readonly symbol: string;
    readonly direction: string;
    readonly quantity: string;
    readonly ladder: { readonly rungs: readonly { readonly clientOrderId: string | null }[] } | null;
  }[];
  readonly foreign: readonly { readonly symbol: string }[];
}

/**
 * What the venue holds and the service does not know of as its own, and the other way round; empty when they agree. The
 * books are read anew where none are given.
 */
export async function disagreementsOf(pair: Pair, books?: Books): Promise<readonly string[]> {
  const held = books ?? (await readBooks(pair));
  const claim = await pair.api('GET', '/api/positions');
  return claim === null
    ? ['the service does not say what it holds']
    : disagreements(held, claim as unknown as Claim);
}

function disagreements(books: Books, claim: Claim): readonly string[] {
  const found: string[] = [];
  const claimed = new Map(claim.rows.map((row) => [row.symbol, row]));
  for (const { instrumentId, direction, quantity } of books.positions) {
    const row = claimed.get(instrumentId);
    if (row === undefined) found.push(`${instrumentId}: ${direction} ${quantity} is forgotten`);
    else if (row.direction !== direction || !decimal(row.quantity).equals(decimal(quantity)))
      found.push(`${instrumentId}: ${direction} ${quantity} is taken for ${row.direction} ${row.quantity}`);
  }
  const held = new Set(books.positions.map(({ instrumentId }) => instrumentId));
  for (const { symbol, quantity } of claim.rows) {
    if (!held.has(symbol) && !decimal(quantity).isZero())
      found.push(`${symbol}: ${quantity} is claimed and not held`);
  }
  const known = new Set(
    claim.rows.flatMap(({ ladder }) => ladder?.rungs.map((rung) => rung.clientOrderId) ?? []),
  );
  for (const { clientOrderId, instrumentId } of books.openOrders) {
    if (clientOrderId && !known.has(clientOrderId))
      found.push(`${instrumentId}: the resting order ${clientOrderId} is forgotten`);
  }
  for (const { symbol } of claim.foreign)
    found.push(`${symbol}: a position of ours is taken for a stranger's`);
  return found;
}
