import type { Instrument, InstrumentId } from '../../../core/domain/instrument.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { PublicTopic } from './public-topic.ts';
import { priceText, quantityText } from './words.ts';

/** Depths there are, and how often each is told at most. */
export const BOOK_DEPTHS: ReadonlyMap<string, number> = new Map([
  ['1', 10],
  ['50', 20],
  ['200', 100],
  ['1000', 200],
]);
/** A book of one level that rests is told again after this long, under the same update number. */
const REPEAT_MS = 3000;
const NOTHING_LEFT = '0';

/** Quantities by price, both as they are told. */
type Levels = ReadonlyMap<string, string>;

interface Told {
  readonly bids: Levels;
  readonly asks: Levels;
}

/**
 * `orderbook.{depth}.{symbol}`: a snapshot for who joins, then what changed, a quantity of `0` taking a level
 * away. The book of one level is always told whole.
 */
export class BookTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private readonly depth: string;
  private readonly everyMs: number;
  private told: Told;
  private toldMs: number;
  private update: number;
  /** Of the book that was told. */
  private sequence: number;
  private movedSinceTold = false;

  constructor(floor: TradingFloor, instrument: Instrument, depth: string) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrument = instrument;
    this.depth = depth;
    this.everyMs = BOOK_DEPTHS.get(depth) ?? 0;
    this.sequence = floor.nowMs();
    this.told = this.levels();
    this.toldMs = floor.nowMs();
    this.update = floor.nowMs();
  }

  greeting(): string {
    return this.message('snapshot', this.told, this.floor.nowMs());
  }

  /** An order rests in the book, or takes from it, though the quote stands still. */
  touch(instrumentId: InstrumentId): void {
    this.movedSinceTold ||= instrumentId === this.instrument.id;
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    this.movedSinceTold ||= moved;
    const isRepeated = this.depth === '1' && nowMs - this.toldMs >= REPEAT_MS;
    if (!isRepeated && (!this.movedSinceTold || nowMs - this.toldMs < this.everyMs)) return [];
    const now = this.levels();
    const delta = { bids: changes(this.told.bids, now.bids), asks: changes(this.told.asks, now.asks) };
    this.movedSinceTold = false;
    const hasChanged = delta.bids.size > 0 || delta.asks.size > 0;
    if (!isRepeated && !hasChanged) return [];
    this.told = now;
    this.toldMs = nowMs;
    if (hasChanged) this.update += 1;
    return [this.depth === '1' ? this.message('snapshot', now, nowMs) : this.message('delta', delta, nowMs)];
  }

  private levels(): Told {
    const book = this.floor.book(this.instrument.id);
    if (book !== null) this.sequence = this.floor.resting.sequenceOf(book);
    const side = (taker: 'buy' | 'sell'): Levels =>
      new Map(
        (book?.levelsFor(taker, Number(this.depth)) ?? []).map(({ price, quantity }) => [
          priceText(price, this.instrument),
          quantityText(quantity, this.instrument),
        ]),
      );
    return { bids: side('sell'), asks: side('buy') };
  }

  private message(type: 'snapshot' | 'delta', levels: Told, nowMs: number): string {
    const data = {
      s: this.symbol,
      b: [...levels.bids],
      a: [...levels.asks],
      u: this.update,
      seq: this.sequence,
    };
    const cts = this.floor.market.quote(this.instrument.id)?.timeMs ?? nowMs;
    return JSON.stringify({ topic: `orderbook.${this.depth}.${this.symbol}`, type, ts: nowMs, data, cts });
  }
}

function changes(before: Levels, now: Levels): Levels {
  const changed = new Map<string, string>();
  for (const price of before.keys()) if (!now.has(price)) changed.set(price, NOTHING_LEFT);
  for (const [price, quantity] of now) if (before.get(price) !== quantity) changed.set(price, quantity);
  return changed;
}
