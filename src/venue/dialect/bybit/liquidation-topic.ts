import type { Instrument } from '../../../core/domain/instrument.ts';
import type { MatchingFill } from '../../../core/matching/account-state.ts';
import type { PublicTopic } from './public-topic.ts';
import { priceText, quantityText, SIDES } from './words.ts';

/** `allLiquidation.{symbol}`: every liquidation of this venue's accounts. The side is the position's. */
export class LiquidationTopic implements PublicTopic {
  readonly symbol: string;
  private readonly instrument: Instrument;
  private noted: MatchingFill[] = [];

  constructor(instrument: Instrument) {
    this.symbol = instrument.exchangeSymbol;
    this.instrument = instrument;
  }

  greeting(): null {
    return null;
  }

  note(fill: MatchingFill): void {
    if (fill.execution === 'liquidation' && fill.instrumentId === this.instrument.id) this.noted.push(fill);
  }

  messages(nowMs: number): readonly string[] {
    if (this.noted.length === 0) return [];
    const data = this.noted.map((fill) => ({
      T: fill.timeMs,
      s: this.symbol,
      S: SIDES[fill.side === 'sell' ? 'buy' : 'sell'],
      v: quantityText(fill.quantity, this.instrument),
      p: priceText(fill.price, this.instrument),
    }));
    this.noted = [];
    const topic = `allLiquidation.${this.symbol}`;
    return [JSON.stringify({ topic, type: 'snapshot', ts: nowMs, data })];
  }
}
