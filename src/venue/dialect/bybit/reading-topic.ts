import type { Instrument } from '../../../core/domain/instrument.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { deleveragingRow, fundRow } from './fund-row.ts';
import { priceLimitRow } from './price-limit-route.ts';
import type { PublicTopic } from './public-topic.ts';
import { SETTLE_COIN } from './words.ts';

const FUND_EVERY_MS = 1000;
const PRICE_LIMIT_EVERY_MS = 300;

/** What a topic reads, and how it is told. */
interface Reading {
  readonly topic: string;
  /** The instrument that moves it; empty for none. */
  readonly symbol: string;
  readonly everyMs: number;
  /** Null when there is nothing to tell. */
  readonly read: () => readonly object[] | object | null;
  readonly message: (content: object, nowMs: number, isFirst: boolean) => object;
}

/** A topic that tells what an endpoint answers: at once to who joins, then whenever it has changed. */
export class ReadingTopic implements PublicTopic {
  readonly symbol: string;
  private readonly reading: Reading;
  private readonly nowMs: () => number;
  private readMs: number;
  private told: string;

  constructor(reading: Reading, nowMs: () => number) {
    this.reading = reading;
    this.nowMs = nowMs;
    this.symbol = reading.symbol;
    this.readMs = nowMs();
    this.told = JSON.stringify(reading.read());
  }

  greeting(): string | null {
    const content = this.reading.read();
    return content === null ? null : JSON.stringify(this.reading.message(content, this.nowMs(), true));
  }

  messages(nowMs: number): readonly string[] {
    if (nowMs - this.readMs < this.reading.everyMs) return [];
    this.readMs = nowMs;
    const content = this.reading.read();
    const text = JSON.stringify(content);
    if (content === null || text === this.told) return [];
    this.told = text;
    return [JSON.stringify(this.reading.message(content, nowMs, false))];
  }
}

/** `insurance.USDT` and `adlAlert.USDT`; null for a topic that does not exist. */
export function coinTopic(floor: TradingFloor, kind: string, coin: string): ReadingTopic | null {
  if (coin !== SETTLE_COIN) return null;
  if (kind === 'insurance') return insuranceTopic(floor);
  return kind === 'adlAlert' ? deleveragingTopic(floor) : null;
}

/** `priceLimit.{symbol}`. */
export function priceLimitTopic(floor: TradingFloor, instrument: Instrument): ReadingTopic {
  const topic = `priceLimit.${instrument.exchangeSymbol}`;
  return readingTopic(floor, {
    topic,
    symbol: instrument.exchangeSymbol,
    everyMs: PRICE_LIMIT_EVERY_MS,
    read: () => priceLimitRow(floor, instrument),
    message: (data, ts) => ({ topic, data, ts }),
  });
}

function insuranceTopic(floor: TradingFloor): ReadingTopic {
  const topic = `insurance.${SETTLE_COIN}`;
  return readingTopic(floor, {
    topic,
    symbol: '',
    everyMs: FUND_EVERY_MS,
    read: () => fundRow(floor),
    message: (row, ts, isFirst) => ({
      topic,
      type: isFirst ? 'snapshot' : 'delta',
      ts,
      data: [{ ...row, updateTime: String(ts) }],
    }),
  });
}

function deleveragingTopic(floor: TradingFloor): ReadingTopic {
  const topic = `adlAlert.${SETTLE_COIN}`;
  return readingTopic(floor, {
    topic,
    symbol: '',
    everyMs: FUND_EVERY_MS,
    read: () => [...floor.instruments().values()].map((each) => alertRow(floor, each)),
    message: (data, ts) => ({ topic, type: 'snapshot', ts, data }),
  });
}

function alertRow(floor: TradingFloor, instrument: Instrument): Record<string, string> {
  const row = deleveragingRow(floor, instrument);
  return {
    c: row.coin,
    s: row.symbol,
    b: row.balance,
    mb: row.maxBalance,
    i_pr: row.insurancePnlRatio,
    pr: row.pnlRatio,
    adl_tt: row.adlTriggerThreshold,
    adl_sr: row.adlStopRatio,
  };
}

function readingTopic(floor: TradingFloor, reading: Reading): ReadingTopic {
  return new ReadingTopic(reading, () => Math.floor(floor.nowMs()));
}
