import type { Instrument } from '../../../core/domain/instrument.ts';
import type { MatchingFill } from '../../../core/matching/account-state.ts';
import type { PublicTrade } from '../../public-trades.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { PublicTopic } from './public-topic.ts';
import { type TickDirection, tickDirection } from './tick-direction.ts';
import { priceText, quantityText, SIDES } from './words.ts';

/** Rows of one message at most. */
const ROWS_MAX = 1024;

/** `publicTrade.{symbol}`: what is traded from now on, invented or by accounts of this venue. */
export class TradeTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private lastPrice: number;
  private direction: TickDirection = 'ZeroPlusTick';
  /** Time of the last point of the price path that was looked at. */
  private pathMs: number;
  private told: number;
  private hasFills = false;

  constructor(floor: TradingFloor, instrument: Instrument) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrument = instrument;
    const quote = floor.market.quote(instrument.id);
    this.lastPrice = quote?.lastPrice ?? 0;
    this.pathMs = quote?.timeMs ?? floor.nowMs();
    this.told =
      floor.publicTrades.since(instrument, { sequence: 0, fromMs: this.pathMs }).at(-1)?.sequence ?? 0;
  }

  greeting(): null {
    return null;
  }

  note(fill: MatchingFill): void {
    this.hasFills ||= fill.instrumentId === this.instrument.id;
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    if (!moved && !this.hasFills) return [];
    this.hasFills = false;
    const after = { sequence: this.told, fromMs: this.pathMs };
    const trades = this.floor.publicTrades.since(this.instrument, after);
    this.pathMs = this.floor.market.quote(this.instrument.id)?.timeMs ?? this.pathMs;
    const messages: string[] = [];
    for (let from = 0; from < trades.length; from += ROWS_MAX) {
      const data = trades.slice(from, from + ROWS_MAX).map((trade) => this.row(trade));
      messages.push(
        JSON.stringify({ topic: `publicTrade.${this.symbol}`, type: 'snapshot', ts: nowMs, data }),
      );
    }
    return messages;
  }

  private row(trade: PublicTrade): Record<string, unknown> {
    this.direction = tickDirection(this.lastPrice, trade.price, this.direction);
    this.lastPrice = trade.price;
    this.told = trade.sequence;
    return {
      T: trade.timeMs,
      s: this.symbol,
      S: SIDES[trade.side],
      v: quantityText(trade.quantity, this.instrument),
      p: priceText(trade.price, this.instrument),
      L: this.direction,
      i: trade.id,
      BT: false,
      RPI: false,
      seq: trade.sequence,
    };
  }
}
