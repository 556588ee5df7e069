import type { Candle } from '../core/domain/candle.ts';
import type { CandleColumns } from '../core/domain/candle-file.ts';
import { openTimeMsAt, timeframeMs } from '../core/domain/timeframe.ts';
import type { PriceTick } from '../core/engine/event.ts';
import { cell } from './longer-candles.ts';
import { endMsOf, type FundingPoint, type PastInstrument } from './past-market.ts';

const DAY_MS = 86_400_000;

/** One instrument while the walk goes through its candles. */
export class LiveInstrument {
  readonly past: PastInstrument;
  readonly endMs: number;
  private readonly slippage: number;
  private readonly recordedMs: number;
  private readonly decidedMs: number;
  /** The next payment of funding that has not been made. */
  private funding = 0;
  private turnoverEnd = -1;
  private turnoverSum = 0;

  /** `slippage` is a rate of the price. */
  constructor(past: PastInstrument, slippage: number) {
    this.past = past;
    this.slippage = slippage;
    this.recordedMs = timeframeMs(past.recorded.timeframe);
    this.decidedMs = timeframeMs(past.decided.timeframe);
    this.endMs = endMsOf(past.recorded, this.recordedMs);
  }

  /** The recorded candle that opens at `openMs`; null outside the record. */
  recordedAt(openMs: number): Candle | null {
    return candleAt(this.past.recorded, openMs, this.recordedMs);
  }

  /** The candle of the decisions' timeframe that closes at `closeMs`; null where none does. */
  decidedBy(closeMs: number): Candle | null {
    return candleAt(this.past.decided, closeMs - this.decidedMs, this.decidedMs);
  }

  /** The row of that candle; null where none does. */
  decidedRowBy(closeMs: number): number | null {
    const { decided } = this.past;
    return rowAt(decided, closeMs - this.decidedMs, this.decidedMs);
  }

  /** Close of that candle; null where none does. */
  closeAt(closeMs: number): number | null {
    const row = this.decidedRowBy(closeMs);
    return row === null ? null : cell(this.past.decided.close, row);
  }

  /** The newest candles of the decisions' timeframe that have closed by `timeMs`, oldest first. */
  historyBefore(timeMs: number, countMax: number): readonly Candle[] {
    const { decided } = this.past;
    const closed = Math.floor((timeMs - decided.firstOpenMs) / this.decidedMs);
    const end = Math.min(decided.count, Math.max(0, closed));
    const first = Math.max(0, end - countMax);
    return Array.from({ length: end - first }, (_, i) => candleOf(decided, first + i, this.decidedMs));
  }

  /** Payments that are due by `timeMs` and were not given before. */
  fundingsDue(timeMs: number): readonly FundingPoint[] {
    const { fundings } = this.past;
    const first = this.funding;
    while ((fundings[this.funding]?.timeMs ?? Number.POSITIVE_INFINITY) <= timeMs) this.funding += 1;
    return fundings.slice(first, this.funding);
  }

  /** The rate last paid by the open of the recorded candle a moment lies in, its close included; null before any. */
  fundingRate(timeMs: number): number | null {
    const { fundings, recorded } = this.past;
    if (fundings.length === 0) return null;
    this.fundingsDue(openTimeMsAt(timeMs - 1, recorded.timeframe));
    return fundings[this.funding - 1]?.rate ?? null;
  }

  /**
   * What a ticker of the exchange would tell at a moment: the price, bid and ask as far apart as orders slip, the
   * turnover of the closed candles of a day, the funding rate last paid.
   */
  tick(price: number, timeMs: number): PriceTick {
    // Up to the open of the recorded candle this moment lies in, its close included.
    if (this.past.fundings.length > 0)
      this.fundingsDue(openTimeMsAt(timeMs - 1, this.past.recorded.timeframe));
    return {
      kind: 'price',
      timeMs,
      instrumentId: this.past.instrument.id,
      lastPrice: price,
      markPrice: price,
      bidPrice: price * (1 - this.slippage),
      askPrice: price * (1 + this.slippage),
      turnover24h: this.turnover(timeMs),
      fundingRate: this.fundingRate(timeMs),
    };
  }

  /** The same until the next candle closes: kept, for every tick asks. */
  private turnover(timeMs: number): number {
    const { decided } = this.past;
    const end = Math.min(decided.count, Math.floor((timeMs - decided.firstOpenMs) / this.decidedMs));
    if (end === this.turnoverEnd) return this.turnoverSum;
    let sum = 0;
    for (let row = Math.max(0, end - Math.ceil(DAY_MS / this.decidedMs)); row < end; row += 1) {
      sum += cell(decided.close, row) * cell(decided.volume, row);
    }
    this.turnoverEnd = end;
    this.turnoverSum = sum;
    return sum;
  }
}

function candleAt(columns: CandleColumns, openMs: number, lengthMs: number): Candle | null {
  const row = rowAt(columns, openMs, lengthMs);
  return row === null ? null : candleOf(columns, row, lengthMs);
}

function rowAt({ firstOpenMs, count }: CandleColumns, openMs: number, lengthMs: number): number | null {
  const row = (openMs - firstOpenMs) / lengthMs;
  return Number.isInteger(row) && row >= 0 && row < count ? row : null;
}

function candleOf(columns: CandleColumns, row: number, lengthMs: number): Candle {
  return {
    openTimeMs: columns.firstOpenMs + row * lengthMs,
    open: cell(columns.open, row),
    high: cell(columns.high, row),
    low: cell(columns.low, row),
    close: cell(columns.close, row),
    volume: cell(columns.volume, row),
  };
}
