import {
  type BookChange,
  type DerivativeTicker,
  type Liquidation,
  type MapperFactory,
  normalizeBookChanges,
  normalizeDerivativeTickers,
  normalizeLiquidations,
  normalizeTrades,
  type Trade,
} from 'tardis-dev';
import { BybitV5LiquidationsMapper } from 'tardis-dev/dist/mappers/bybit.js';
import { expect } from 'vitest';
import { instrument, instrumentId } from '../../fixture/scripted-market.ts';
import type { RunningVenue } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { equalsRest, wander } from './normalised-book-words.ts';
import { answersTo, mapped, type NormalisedReader, withReader } from './normalised-reader.ts';
import { market, place } from './order-words.ts';
import { symbol } from './stage.ts';

const client = 'tardis-dev';
const PATH = '/v5/public';
const WAIT = { timeout: 15_000, interval: 20 };
const COINS = Array.from({ length: 25 }, (_, index) => `COIN${String.fromCharCode(65 + index)}USDT`);
const ofBook = { normalisers: [normalizeBookChanges] };
const ofTickers = { normalisers: [normalizeDerivativeTickers] };
const single = mapped<Liquidation>(() => new BybitV5LiquidationsMapper('bybit'));
const all: readonly MapperFactory<'bybit', Trade | BookChange | DerivativeTicker | Liquidation>[] = [
  normalizeTrades,
  normalizeBookChanges,
  normalizeDerivativeTickers,
  normalizeLiquidations,
];

/** What another program's connection does, in trouble too. */
export const normalisedStreamCards: readonly Card[] = [
  {
    number: 723,
    client,
    capability: 'stream manners',
    title: '100 topics of 25 contracts are followed in frames of ten, and each tells',
    stage: { instruments: COINS.map((name) => instrument(name)) },
    play: async ({ running }) => {
      await withReader(running, { normalisers: all, symbols: COINS }, async (reader) => {
        for (const type of ['book_change', 'derivative_ticker']) {
          for (const coin of COINS) {
            await reader.until((message) => message.type === type && message.symbol === coin);
          }
        }
        const answers = answersTo(running, 'subscribe');
        expect(answers.length).toBe(10);
        for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ success: true });
        expect(reader.complaints).toEqual([]);
      });
    },
  },
  {
    number: 724,
    client,
    capability: 'stream manners',
    title: 'the ping it sends every five seconds is answered, and the stream goes on',
    play: async ({ running, move }) => {
      await withReader(running, ofTickers, async (reader) => {
        await expect.poll(() => answersTo(running, 'ping').length, WAIT).toBe(1);
        expect(JSON.parse(answersTo(running, 'ping')[0] ?? '')).toMatchObject({
          success: true,
          ret_msg: 'pong',
        });
        move(60_100);
        await reader.until(({ lastPrice }) => lastPrice === 60_100);
        expect(reader.complaints).toEqual([]);
        expect(reader.disconnects).toEqual([]);
      });
    },
  },
  {
    number: 725,
    client,
    capability: 'stream manners',
    title: 'a reader that is cut off connects anew and begins with a whole book again',
    play: async (stage) => {
      await withReader(stage.running, ofBook, async (reader) => {
        await reader.until(({ isSnapshot }) => isSnapshot);
        stage.running.venue.faults.add({ name: 'stream-cut', path: PATH });
        await snapshots(reader, 2);
        expect(reader.disconnects.length).toBe(1);
        wander(stage.move);
        await equalsRest(stage, reader, 50);
      });
    },
  },
  {
    number: 726,
    client,
    capability: 'stream manners',
    title: 'a reader that hears nothing gives up the open stream and connects anew',
    play: async (stage) => {
      const { running } = stage;
      await withReader(running, { ...ofBook, stallMs: 300 }, async (reader) => {
        await reader.until(({ isSnapshot }) => isSnapshot);
        const silence = running.venue.faults.add({ name: 'stream-silent', path: PATH });
        await expect.poll(() => reader.disconnects.length, WAIT).toBeGreaterThan(0);
        if (silence.ok) running.venue.faults.remove(silence.value.id);
        await snapshots(reader, 2);
        expect(closings(running)).toBeGreaterThan(0);
      });
    },
  },
  {
    number: 727,
    client,
    capability: 'stream manners',
    title: 'a reader that no stream is opened for tries until one is',
    play: async ({ running }) => {
      await withReader(running, ofBook, async (reader) => {
        await reader.until(({ isSnapshot }) => isSnapshot);
        const refusal = running.venue.faults.add({ name: 'stream-refused', path: PATH });
        running.venue.faults.add({ name: 'stream-cut', path: PATH });
        await expect.poll(() => reader.complaints.length, WAIT).toBeGreaterThan(0);
        if (refusal.ok) running.venue.faults.remove(refusal.value.id);
        await snapshots(reader, 2);
      });
    },
  },
  {
    number: 728,
    client,
    capability: 'stream manners',
    title: 'half a message makes a reader connect anew; the book it rebuilds is right',
    play: async (stage) => {
      const { running, move } = stage;
      await withReader(running, ofBook, async (reader) => {
        await reader.until(({ isSnapshot }) => isSnapshot);
        running.venue.faults.add({ name: 'message-truncated', path: PATH, count: 1 });
        move(60_100);
        await snapshots(reader, 2);
        expect(reader.complaints).toMatchObject([expect.stringContaining('JSON')]);
        wander(move);
        await equalsRest(stage, reader, 50);
      });
    },
  },
  {
    number: 729,
    client,
    capability: 'stream manners',
    title: 'a contract there is none of is refused by the name of its topic',
    play: async ({ running }) => {
      await withReader(running, { ...ofTickers, symbols: ['NOPEUSDT'] }, async (reader) => {
        await expect.poll(() => reader.complaints.length, WAIT).toBeGreaterThan(0);
        expect(reader.complaints[0]).toContain('error:handler not found,topic:tickers.NOPEUSDT');
        expect(reader.heard).toEqual([]);
      });
    },
  },
  {
    number: 730,
    client,
    capability: 'stream manners',
    title: 'the liquidation topic that was taken out of the protocol is refused',
    play: async ({ running }) => {
      await withReader(running, { normalisers: [single] }, async (reader) => {
        await expect.poll(() => reader.complaints.length, WAIT).toBeGreaterThan(0);
        expect(reader.complaints[0]).toContain(`topic:liquidation.${symbol}`);
      });
    },
  },
  {
    number: 731,
    client,
    capability: 'stream manners',
    title: 'a trade that comes twice bears the same id twice',
    play: async ({ rest, running }) => {
      await withReader(running, { normalisers: [normalizeTrades] }, async (reader) => {
        running.venue.faults.add({ name: 'message-duplicated', path: PATH, topic: 'publicTrade', count: 1 });
        await place(rest, { ...market, qty: '0.011' });
        await place(rest, { ...market, qty: '0.012' });
        await reader.until(({ amount }) => amount === 0.012);
        const ids = reader.heard.map(({ id }) => id);
        expect(reader.heard.length).toBeGreaterThan(2);
        expect(new Set(ids).size).toBe(2);
      });
    },
  },
  {
    number: 733,
    client,
    capability: 'instrument life',
    title: 'a contract that vanishes falls silent, and the other one of the stream goes on',
    play: async ({ running, move }) => {
      await withReader(running, { ...ofBook, symbols: ['ETHUSDT', symbol] }, async (reader) => {
        for (const each of ['ETHUSDT', symbol]) await reader.until((change) => change.symbol === each);
        running.market.delist(instrumentId('ETHUSDT'));
        move(60_100);
        await reader.until(({ asks }) => asks.some(({ price }) => price === 60_100.1));
        expect(reader.heard.filter((change) => change.symbol === 'ETHUSDT').length).toBe(1);
        expect(reader.disconnects).toEqual([]);
      });
    },
  },
];

async function snapshots(reader: NormalisedReader<BookChange>, count: number): Promise<void> {
  await expect
    .poll(() => reader.heard.filter(({ isSnapshot }) => isSnapshot).length, WAIT)
    .toBeGreaterThanOrEqual(count);
}

function closings(running: RunningVenue): number {
  return running.venue.wire(null, 1000).filter(({ kind }) => kind === 'closed').length;
}
