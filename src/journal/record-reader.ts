import { assert, ensure } from '../core/base/assert.ts';
import type { Candle } from '../core/domain/candle.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import { TIMEFRAMES, type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { InstrumentMarketSnapshot } from '../core/engine/snapshot.ts';
import type { ByteReader } from './byte-reader.ts';
import { readExactJson } from './exact-json.ts';
import { NumberReader } from './number-track.ts';
import { HAS_ASK, HAS_BID, HAS_FUNDING, JOURNAL_FORMAT, RECORD, type SegmentHead } from './record.ts';

/** A record as it was written. */
export type JournalRecord =
  | { readonly kind: 'head'; readonly head: SegmentHead }
  | { readonly kind: 'market'; readonly market: InstrumentMarketSnapshot }
  | { readonly kind: 'event'; readonly event: EngineEvent }
  /** JSON of what the event before it decided. */
  | { readonly kind: 'decisions'; readonly text: string };

class CandleReader {
  private readonly stepMs: number;
  private readonly openTimeMs = new NumberReader();
  private readonly price = new NumberReader();
  private readonly volume = new NumberReader();

  constructor(timeframe: Timeframe) {
    this.stepMs = timeframeMs(timeframe);
  }

  read(bytes: ByteReader): Candle {
    this.openTimeMs.expect(this.stepMs);
    const openTimeMs = this.openTimeMs.read(bytes);
    const open = this.price.read(bytes);
    const high = this.price.read(bytes);
    const low = this.price.read(bytes);
    const close = this.price.read(bytes);
    return { openTimeMs, open, high, low, close, volume: this.volume.read(bytes) };
  }
}

interface ReadInstrument {
  readonly id: InstrumentId;
  readonly price: NumberReader;
  readonly turnover: NumberReader;
  readonly funding: NumberReader;
  readonly series: Map<Timeframe, CandleReader>;
}

interface ReadSeries {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly candles: CandleReader;
}

/** Reads the records of one segment, from its first one on. Throws where a record cannot have been written so. */
export class RecordReader {
  private readonly instruments: ReadInstrument[] = [];
  private readonly timeMs = new NumberReader();

  next(bytes: ByteReader): JournalRecord {
    const record = this.read(bytes);
    bytes.endRecord();
    return record;
  }

  private read(bytes: ByteReader): JournalRecord {
    const tag = bytes.byte();
    switch (tag) {
      case RECORD.head:
        return { kind: 'head', head: headOf(readExactJson(bytes.text())) };
      case RECORD.market:
        return { kind: 'market', market: this.market(bytes) };
      case RECORD.decisions:
        return { kind: 'decisions', text: bytes.text() };
      case RECORD.price:
        return { kind: 'event', event: this.price(bytes) };
      case RECORD.candle:
        return { kind: 'event', event: this.candle(bytes) };
      case RECORD.history:
        return { kind: 'event', event: this.history(bytes) };
      default:
        assert(tag === RECORD.other, 'A record says what it is.');
        return { kind: 'event', event: this.other(bytes) };
    }
  }

  private price(bytes: ByteReader): EngineEvent {
    const timeMs = this.timeMs.read(bytes);
    const { id, price, turnover, funding } = this.instrument(bytes);
    const there = bytes.byte();
    const lastPrice = price.read(bytes);
    const markPrice = price.read(bytes);
    const turnover24h = turnover.read(bytes);
    const bidPrice = (there & HAS_BID) === 0 ? null : price.read(bytes);
    const askPrice = (there & HAS_ASK) === 0 ? null : price.read(bytes);
    const fundingRate = (there & HAS_FUNDING) === 0 ? null : funding.read(bytes);
    const quote = { bidPrice, askPrice, fundingRate };
    return { kind: 'price', timeMs, instrumentId: id, lastPrice, markPrice, turnover24h, ...quote };
  }

  private candle(bytes: ByteReader): EngineEvent {
    const timeMs = this.timeMs.read(bytes);
    const { instrumentId, timeframe, candles } = this.series(bytes);
    return { kind: 'candle-closed', timeMs, instrumentId, timeframe, candle: candles.read(bytes) };
  }

  private history(bytes: ByteReader): EngineEvent {
    const timeMs = this.timeMs.read(bytes);
    const { instrumentId, timeframe, candles } = this.candles(bytes);
    return { kind: 'candle-history', timeMs, instrumentId, timeframe, candles };
  }

  private other(bytes: ByteReader): EngineEvent {
    const timeMs = this.timeMs.read(bytes);
    const event = readExactJson(bytes.text());
    assert(typeof event === 'object' && event !== null && 'kind' in event, 'An event says what it is.');
    return { ...event, timeMs } as EngineEvent;
  }

  private market(bytes: ByteReader): InstrumentMarketSnapshot {
    const market = readExactJson(bytes.text()) as InstrumentMarketSnapshot;
    const scan = { ...market.scan, candles: this.candles(bytes).candles };
    if (market.held === null) return { ...market, scan };
    return { ...market, scan, held: { ...market.held, candles: this.candles(bytes).candles } };
  }

  private candles(bytes: ByteReader) {
    const { instrumentId, timeframe, candles: reader } = this.series(bytes);
    const candles: Candle[] = [];
    for (let left = bytes.varint(); left > 0; left -= 1) candles.push(reader.read(bytes));
    return { instrumentId, timeframe, candles };
  }

  private instrument(bytes: ByteReader): ReadInstrument {
    const number = bytes.varint();
    const known = this.instruments[number];
    if (known !== undefined) return known;
    assert(number === this.instruments.length, 'Instruments are numbered as they come.');
    const made: ReadInstrument = {
      id: ensure(parseInstrumentId(bytes.text()), 'An instrument has its name.'),
      price: new NumberReader(),
      turnover: new NumberReader(),
      funding: new NumberReader(),
      series: new Map(),
    };
    this.instruments.push(made);
    return made;
  }

  private series(bytes: ByteReader): ReadSeries {
    const { id, series } = this.instrument(bytes);
    const timeframe = ensure(TIMEFRAMES[bytes.byte()], 'A series has its timeframe.');
    const known = series.get(timeframe);
    const candles = known ?? new CandleReader(timeframe);
    if (known === undefined) series.set(timeframe, candles);
    return { instrumentId: id, timeframe, candles };
  }
}

function headOf(value: unknown): SegmentHead {
  const head = value as SegmentHead;
  assert(head.format === JOURNAL_FORMAT, `Segments of form ${JOURNAL_FORMAT} are read.`);
  return head;
}
