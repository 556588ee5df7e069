import type { Instrument, InstrumentId } from '../../../core/domain/instrument.ts';
import type { MatchingFill } from '../../../core/matching/account-state.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { PublicTopic } from './public-topic.ts';
import { type TickDirection, tickDirection } from './tick-direction.ts';
import { Ticker } from './ticker.ts';

const PUSH_EVERY_MS = 100;
/** Timers come a little early and late: a push that is due must not wait for the next step because of it. */
const TIMER_SLACK_MS = 10;

/** `tickers.{symbol}`: a snapshot for who joins, then only the fields that changed. */
export class TickerTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrumentId: InstrumentId;
  private readonly ticker: Ticker;
  private direction: TickDirection = 'ZeroPlusTick';
  private lastPrice: number;
  private pushedMs = Number.NEGATIVE_INFINITY;
  private movedSincePush = false;
  private sequence = 0;

  constructor(floor: TradingFloor, instrument: Instrument) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrumentId = instrument.id;
    this.ticker = new Ticker(floor, instrument);
    this.ticker.read();
    this.lastPrice = this.ticker.lastPrice();
  }

  /** What has been told so far, so that the next delta fits for everybody. */
  greeting(): string {
    const data = JSON.stringify({ ...this.ticker.row(), tickDirection: this.direction });
    return this.message('snapshot', data, this.floor.nowMs());
  }

  /** Positions make the open interest: it changes though the quote stands still. */
  note(fill: MatchingFill): void {
    this.movedSincePush ||= fill.instrumentId === this.instrumentId;
  }

  /** So do the best prices. */
  touch(instrumentId: InstrumentId): void {
    this.movedSincePush ||= instrumentId === this.instrumentId;
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    this.movedSincePush ||= moved;
    if (!this.movedSincePush || nowMs - this.pushedMs < PUSH_EVERY_MS - TIMER_SLACK_MS) return [];
    if (!this.ticker.read()) return [];
    this.movedSincePush = false;
    if (!this.ticker.hasChanged()) return [];
    this.pushedMs = nowMs;
    const lastPrice = this.ticker.lastPrice();
    this.direction = tickDirection(this.lastPrice, lastPrice, this.direction);
    this.lastPrice = lastPrice;
    const delta = `{"symbol":"${this.symbol}","tickDirection":"${this.direction}"${this.ticker.changed()}}`;
    return [this.message('delta', delta, nowMs)];
  }

  private message(type: 'snapshot' | 'delta', data: string, nowMs: number): string {
    this.sequence += 1;
    const topic = `tickers.${this.symbol}`;
    return `{"topic":"${topic}","type":"${type}","data":${data},"cs":${this.sequence},"ts":${nowMs}}`;
  }
}
