import type { Candle } from '../../../core/domain/candle.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { openTimeMsAt, type Timeframe, timeframeMs } from '../../../core/domain/timeframe.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { candlePush } from './market-row.ts';
import type { PublicTopic } from './public-topic.ts';

/** The open candle is pushed at most this often. */
const PUSH_EVERY_MS = 1000;

/**
 * `kline.{interval}.{symbol}`: the open candle while it moves, and every candle once more with `confirm`
 * when it has closed, also when nothing moved.
 */
export class KlineTopic implements PublicTopic {
  readonly symbol: string;
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private readonly interval: string;
  private readonly timeframe: Timeframe;
  private openTimeMs: number;
  private pushedMs = Number.NEGATIVE_INFINITY;
  private movedSincePush = true;

  constructor(floor: TradingFloor, instrument: Instrument, interval: string, timeframe: Timeframe) {
    this.symbol = instrument.exchangeSymbol;
    this.floor = floor;
    this.instrument = instrument;
    this.interval = interval;
    this.timeframe = timeframe;
    this.openTimeMs = openTimeMsAt(floor.nowMs(), timeframe);
  }

  greeting(): null {
    return null;
  }

  messages(nowMs: number, moved: boolean): readonly string[] {
    this.movedSincePush ||= moved;
    const openTimeMs = openTimeMsAt(nowMs, this.timeframe);
    const hasClosed = openTimeMs > this.openTimeMs;
    const isDue = this.movedSincePush && nowMs - this.pushedMs >= PUSH_EVERY_MS;
    if (!hasClosed && !isDue) return [];
    const candles = this.candlesSince(this.openTimeMs, openTimeMs);
    this.openTimeMs = openTimeMs;
    if (isDue) {
      this.pushedMs = nowMs;
      this.movedSincePush = false;
    }
    return candles
      .filter((candle) => isDue || candle.openTimeMs < openTimeMs)
      .map((candle) => this.message(candle, candle.openTimeMs < openTimeMs, nowMs));
  }

  private candlesSince(startMs: number, endMs: number): readonly Candle[] {
    const limit = (endMs - startMs) / timeframeMs(this.timeframe) + 1;
    const { instrument, timeframe } = this;
    return this.floor.market.candles({ instrumentId: instrument.id, timeframe, startMs, endMs, limit }) ?? [];
  }

  private message(candle: Candle, confirm: boolean, nowMs: number): string {
    const lengthMs = timeframeMs(this.timeframe);
    const push = candlePush(candle, this.instrument, { interval: this.interval, lengthMs, confirm, nowMs });
    const topic = `kline.${this.interval}.${this.symbol}`;
    return JSON.stringify({ topic, data: [push], ts: nowMs, type: 'snapshot' });
  }
}
