import { type BookChange, OrderBook } from 'tardis-dev';
import { expect } from 'vitest';
import type { NormalisedReader } from './normalised-reader.ts';
import { category, type Stage, symbol } from './stage.ts';

const WAIT = { timeout: 15_000, interval: 20 };

/** A walk that takes levels away, adds some and changes quantities; it ends at 60,200. */
export function wander(move: Stage['move']): void {
  for (const [index, price] of [60_100, 60_060, 60_300, 59_400, 60_290, 60_000, 60_200].entries()) {
    move(price, { top: 3 + index });
  }
}

/** Prices and quantities, best first. */
type Levels = readonly (readonly [number, number])[];

interface RebuiltBook {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The client's own book after these changes. */
export function rebuilt(changes: readonly BookChange[]): RebuiltBook {
  const book = new OrderBook();
  for (const change of changes) book.update(change);
  const levels = (side: Iterable<{ price: number; amount: number }>): Levels =>
    [...side].map(({ price, amount }) => [price, amount]);
  return { bids: levels(book.bids()), asks: levels(book.asks()) };
}

/** Waits until the rebuilt book is the one that stands at the venue, level by level. */
export async function equalsRest(
  { rest }: Stage,
  reader: NormalisedReader<BookChange>,
  limit: number,
): Promise<void> {
  const { result, retMsg } = await rest.getOrderbook({ category, symbol, limit });
  expect(retMsg).toBe('OK');
  const levels = (rows: readonly (readonly string[])[]): Levels =>
    rows.map(([price, quantity]) => [Number(price), Number(quantity)]);
  const asked = { bids: levels(result.b), asks: levels(result.a) };
  expect(asked.bids[0]?.[0]).toBe(60_200);
  await expect.poll(() => rebuilt(reader.heard), WAIT).toEqual(asked);
}
