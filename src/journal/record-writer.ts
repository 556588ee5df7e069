import type { Candle } from '../core/domain/candle.ts';
import type { CandleSeries } from '../core/domain/candle-series.ts';
import { TIMEFRAMES, type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { CapturedMarket } from '../core/engine/capture.ts';
import type { CandleClosed, CandleHistory, EngineEvent, PriceTick } from '../core/engine/event.ts';
import type { ByteWriter } from './byte-writer.ts';
import { exactJson } from './exact-json.ts';
import { NumberWriter } from './number-track.ts';
import { HAS_ASK, HAS_BID, HAS_FUNDING, RECORD, type SegmentHead } from './record.ts';
import type { Step } from './step-queue.ts';

/** Candles of one series: each number near the one before it. */
class CandleWriter {
  private readonly stepMs: number;
  private readonly openTimeMs = new NumberWriter();
  private readonly price = new NumberWriter();
  private readonly volume = new NumberWriter();

  constructor(timeframe: Timeframe) {
    this.stepMs = timeframeMs(timeframe);
  }

  write(bytes: ByteWriter, candle: Candle): void {
    this.openTimeMs.expect(this.stepMs);
    this.openTimeMs.write(bytes, candle.openTimeMs);
    this.price.write(bytes, candle.open);
    this.price.write(bytes, candle.high);
    this.price.write(bytes, candle.low);
    this.price.write(bytes, candle.close);
    this.volume.write(bytes, candle.volume);
  }
}

/** What is remembered of an instrument within a segment. */
interface WrittenInstrument {
  readonly number: number;
  readonly price: NumberWriter;
  readonly turnover: NumberWriter;
  readonly funding: NumberWriter;
  readonly series: Map<Timeframe, CandleWriter>;
}

/**
 * Turns events and decisions into the records of one segment. Prices and candles, which are the bulk, are written number
 * by number, everything else as exact JSON. A segment can be read by itself: what is remembered ends with it.
 */
export class RecordWriter {
  private readonly bytes: ByteWriter;
  private readonly instruments = new Map<string, WrittenInstrument>();
  private readonly timeMs = new NumberWriter();

  constructor(bytes: ByteWriter) {
    this.bytes = bytes;
  }

  /** The first record of a segment. */
  head(head: SegmentHead): void {
    this.bytes.byte(RECORD.head);
    this.bytes.text(exactJson(head));
    this.bytes.endRecord();
  }

  /** One instrument of the state a segment starts from. */
  market({ snapshot, scan, held }: CapturedMarket): void {
    this.bytes.byte(RECORD.market);
    this.bytes.text(exactJson(snapshot));
    this.series(snapshot.instrument.id, scan);
    if (held !== null) this.series(snapshot.instrument.id, held);
    this.bytes.endRecord();
  }

  event(event: EngineEvent): void {
    if (event.kind === 'price') this.price(event);
    else if (event.kind === 'candle-closed') this.candle(event);
    else if (event.kind === 'candle-history') this.history(event);
    else this.other(event);
    this.bytes.endRecord();
  }

  /** What the step of the event before it decided. */
  decisions(decisions: Step['decisions']): void {
    this.bytes.byte(RECORD.decisions);
    this.bytes.text(JSON.stringify(decisions));
    this.bytes.endRecord();
  }

  private price(tick: PriceTick): void {
    const { bytes } = this;
    const { bidPrice, askPrice, fundingRate } = tick;
    bytes.byte(RECORD.price);
    this.timeMs.write(bytes, tick.timeMs);
    const { price, turnover, funding } = this.instrument(tick.instrumentId);
    let there = bidPrice === null ? 0 : HAS_BID;
    if (askPrice !== null) there |= HAS_ASK;
    if (fundingRate !== null) there |= HAS_FUNDING;
    bytes.byte(there);
    price.write(bytes, tick.lastPrice);
    price.write(bytes, tick.markPrice);
    turnover.write(bytes, tick.turnover24h);
    if (bidPrice !== null) price.write(bytes, bidPrice);
    if (askPrice !== null) price.write(bytes, askPrice);
    if (fundingRate !== null) funding.write(bytes, fundingRate);
  }

  private candle(event: CandleClosed): void {
    this.bytes.byte(RECORD.candle);
    this.timeMs.write(this.bytes, event.timeMs);
    this.seriesOf(event.instrumentId, event.timeframe).write(this.bytes, event.candle);
  }

  private history({ timeMs, instrumentId, timeframe, candles }: CandleHistory): void {
    this.bytes.byte(RECORD.history);
    this.timeMs.write(this.bytes, timeMs);
    const series = this.seriesOf(instrumentId, timeframe);
    this.bytes.varint(candles.length);
    for (const candle of candles) series.write(this.bytes, candle);
  }

  private other({ timeMs, ...event }: EngineEvent): void {
    this.bytes.byte(RECORD.other);
    this.timeMs.write(this.bytes, timeMs);
    this.bytes.text(exactJson(event));
  }

  private series(id: string, candles: CandleSeries): void {
    const series = this.seriesOf(id, candles.timeframe);
    this.bytes.varint(candles.length);
    for (let index = 0; index < candles.length; index += 1) series.write(this.bytes, candles.at(index));
  }

  /** By its name the first time, by its number ever after. */
  private instrument(id: string): WrittenInstrument {
    const known = this.instruments.get(id);
    if (known !== undefined) {
      this.bytes.varint(known.number);
      return known;
    }
    const number = this.instruments.size;
    const made: WrittenInstrument = {
      number,
      price: new NumberWriter(),
      turnover: new NumberWriter(),
      funding: new NumberWriter(),
      series: new Map(),
    };
    this.instruments.set(id, made);
    this.bytes.varint(number);
    this.bytes.text(id);
    return made;
  }

  private seriesOf(id: string, timeframe: Timeframe): CandleWriter {
    const { series } = this.instrument(id);
    this.bytes.byte(TIMEFRAMES.indexOf(timeframe));
    const known = series.get(timeframe);
    if (known !== undefined) return known;
    const made = new CandleWriter(timeframe);
    series.set(timeframe, made);
    return made;
  }
}
