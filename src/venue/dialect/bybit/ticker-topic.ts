import type { Instrument } from '../../../core/domain/instrument.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { PublicTopic } from './public-topic.ts';
import { tickerOf } from './ticker.ts';

const PUSH_EVERY_MS = 100;

type TickDirection = 'PlusTick' | 'ZeroPlusTick' | 'MinusTick' | 'ZeroMinusTick';

/** `tickers.{symbol}`: a snapshot for who joins, then only the fields that changed. */
export class TickerTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private told: Record<string, string>;
  private tickDirection: TickDirection = 'ZeroPlusTick';
  private pushedMs = Number.NEGATIVE_INFINITY;
  private movedSincePush = false;
  private sequence = 0;

  constructor(floor: TradingFloor, instrument: Instrument) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrument = instrument;
    this.told = tickerOf(floor, instrument) ?? { symbol: this.symbol };
  }

  /** What has been told so far, so that the next delta fits for everybody. */
  greeting(): string {
    const data = { ...this.told, tickDirection: this.tickDirection };
    return this.message('snapshot', data, this.floor.nowMs());
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    this.movedSincePush ||= moved;
    if (!this.movedSincePush || nowMs - this.pushedMs < PUSH_EVERY_MS) return [];
    const now = tickerOf(this.floor, this.instrument);
    if (now === null) return [];
    const changed = Object.entries(now).filter(([field, value]) => this.told[field] !== value);
    this.movedSincePush = false;
    if (changed.length === 0) return [];
    this.pushedMs = nowMs;
    this.tickDirection = turn(Number(this.told['lastPrice']), Number(now['lastPrice']), this.tickDirection);
    this.told = now;
    const delta = { symbol: this.symbol, tickDirection: this.tickDirection, ...Object.fromEntries(changed) };
    return [this.message('delta', delta, nowMs)];
  }

  private message(type: 'snapshot' | 'delta', data: Record<string, string>, nowMs: number): string {
    this.sequence += 1;
    return JSON.stringify({ topic: `tickers.${this.symbol}`, type, data, cs: this.sequence, ts: nowMs });
  }
}

function turn(before: number, now: number, last: TickDirection): TickDirection {
  if (now > before) return 'PlusTick';
  if (now < before) return 'MinusTick';
  return last === 'PlusTick' || last === 'ZeroPlusTick' ? 'ZeroPlusTick' : 'ZeroMinusTick';
}
