import { rng, seedOf } from '../../../core/base/rng.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { MatchingFill } from '../../../core/matching/account-state.ts';
import { OrderIds } from '../../order-ids.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { PublicTopic } from './public-topic.ts';
import { type TickDirection, tickDirection } from './tick-direction.ts';
import { priceText, quantityText, SIDES } from './words.ts';

/** Rows of one message at most. */
const ROWS_MAX = 1024;
/** Sequence numbers a millisecond has room for. */
const SEQUENCES_PER_MS = 100;

interface PublicTrade {
  readonly timeMs: number;
  readonly side: 'Buy' | 'Sell';
  readonly quantity: number;
  readonly price: number;
}

/**
 * `publicTrade.{symbol}`: one invented trade for every move of the price, of a size drawn from what rests in
 * the book, and every trade of this venue's own accounts. The side is the taker's.
 */
export class TradeTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private readonly ids: OrderIds;
  private noted: PublicTrade[] = [];
  private lastPrice: number;
  private direction: TickDirection = 'ZeroPlusTick';
  private told = 0;

  constructor(floor: TradingFloor, instrument: Instrument) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrument = instrument;
    this.ids = new OrderIds(seedOf(this.symbol, floor.nowMs()), 'public-trade');
    this.lastPrice = floor.market.quote(instrument.id)?.lastPrice ?? 0;
  }

  greeting(): null {
    return null;
  }

  note(fill: MatchingFill): void {
    if (fill.execution === 'funding' || fill.instrumentId !== this.instrument.id) return;
    const takerSide = fill.maker === (fill.side === 'sell') ? 'buy' : 'sell';
    this.noted.push({
      timeMs: fill.timeMs,
      side: SIDES[takerSide],
      quantity: fill.quantity.toNumber(),
      price: fill.price.toNumber(),
    });
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    const trades = moved ? [...this.noted, ...this.invented()] : this.noted;
    this.noted = [];
    const messages: string[] = [];
    for (let from = 0; from < trades.length; from += ROWS_MAX) {
      const data = trades.slice(from, from + ROWS_MAX).map((trade, index) => this.row(trade, nowMs, index));
      messages.push(
        JSON.stringify({ topic: `publicTrade.${this.symbol}`, type: 'snapshot', ts: nowMs, data }),
      );
    }
    return messages;
  }

  private invented(): readonly PublicTrade[] {
    const quote = this.floor.market.quote(this.instrument.id);
    if (quote === null || quote.lastPrice === this.lastPrice) return [];
    const { lastPrice, timeMs, topQuantity } = quote;
    const step = this.instrument.quantityStep.toNumber();
    const share = rng(seedOf(this.symbol, timeMs)).next();
    const quantity = Math.max(1, Math.round((topQuantity * share) / step)) * step;
    return [{ timeMs, side: lastPrice > this.lastPrice ? 'Buy' : 'Sell', quantity, price: lastPrice }];
  }

  private row(trade: PublicTrade, nowMs: number, index: number): Record<string, unknown> {
    this.direction = tickDirection(this.lastPrice, trade.price, this.direction);
    this.lastPrice = trade.price;
    this.told = Math.max(this.told + 1, nowMs * SEQUENCES_PER_MS + index);
    return {
      T: trade.timeMs,
      s: this.symbol,
      S: trade.side,
      v: quantityText(trade.quantity, this.instrument),
      p: priceText(trade.price, this.instrument),
      L: this.direction,
      i: this.ids.next(),
      BT: false,
      RPI: false,
      seq: this.told,
    };
  }
}
