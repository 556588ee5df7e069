import { type BookChange, normalizeBookChanges } from 'tardis-dev';
import { BybitV5BookChangeMapper } from 'tardis-dev/dist/mappers/bybit.js';
import { expect } from 'vitest';
import type { Card } from './card.ts';
import { equalsRest, rebuilt, wander } from './normalised-book-words.ts';
import { mapped, withReader } from './normalised-reader.ts';
import { market, place } from './order-words.ts';
import { symbol } from './stage.ts';

const client = 'tardis-dev';
const ofBook = { normalisers: [normalizeBookChanges] };
const deep = mapped<BookChange>(() => new BybitV5BookChangeMapper('bybit', 200));

/** Books another program rebuilds from snapshots and changes. */
export const normalisedBookCards: readonly Card[] = [
  {
    number: 720,
    client,
    capability: 'public streams',
    title: 'a book of 50 levels rebuilt from changes is never crossed',
    play: async ({ running, move }) => {
      await withReader(running, ofBook, async (reader) => {
        wander(move);
        await reader.until(({ asks }) => asks.some(({ price }) => price === 60_200.1));
        const [first, ...changes] = reader.heard;
        expect(first).toMatchObject({ isSnapshot: true, symbol });
        expect([first?.bids.length, first?.asks.length]).toEqual([50, 50]);
        expect(changes.length).toBeGreaterThan(0);
        expect(changes.filter(({ isSnapshot }) => isSnapshot)).toEqual([]);
        for (const count of reader.heard.keys()) {
          const book = rebuilt(reader.heard.slice(0, count + 1));
          expect(book.bids[0]?.[0]).toBeLessThan(book.asks[0]?.[0] ?? 0);
        }
      });
    },
  },
  {
    number: 721,
    client,
    capability: 'public streams',
    title: 'a rebuilt book of 50 levels is the book that REST tells',
    play: async (stage) => {
      await withReader(stage.running, ofBook, async (reader) => {
        wander(stage.move);
        await equalsRest(stage, reader, 50);
      });
    },
  },
  {
    number: 722,
    client,
    capability: 'public streams',
    title: 'a rebuilt book of 200 levels is the book that REST tells',
    play: async (stage) => {
      await withReader(stage.running, { normalisers: [deep] }, async (reader) => {
        wander(stage.move);
        await equalsRest(stage, reader, 200);
      });
    },
  },
  {
    number: 732,
    client,
    capability: 'public streams',
    title: 'what an order takes is gone from a rebuilt book though the price stands still',
    play: async ({ rest, running }) => {
      await withReader(running, ofBook, async (reader) => {
        const first = await reader.until(({ isSnapshot }) => isSnapshot);
        const best = first.asks[0];
        expect(best).toEqual({ price: 60_000.1, amount: 10 });
        await place(rest, { ...market, qty: '0.75' });
        const change = await reader.until(({ isSnapshot }) => !isSnapshot);
        expect(change.asks).toEqual([{ price: 60_000.1, amount: 9.25 }]);
        expect(change.bids).toEqual([]);
      });
    },
  },
];
