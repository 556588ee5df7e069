import type { Instrument } from '../domain/instrument.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { UNEXPLAINED } from './explained.ts';
import { StreamedSeries } from './streamed-series.ts';

/** What the engine knows of one instrument's market: prices, and the candle series it decides on. */
export class InstrumentMarket {
  instrument: Instrument;
  lastPrice: number | null = null;
  /** When `lastPrice` arrived, ms; 0 before the first. */
  priceMs = 0;
  markPrice: number | null = null;
  turnover24h: number | null = null;
  bidPrice: number | null = null;
  askPrice: number | null = null;
  /** Paid by a long to a short per funding interval, as a rate. */
  fundingRate: number | null = null;
  /** What was last explained of the newest candle, so that the same is not said twice. */
  explained = UNEXPLAINED;
  /** The scanned series: entries are decided on it. */
  scan: StreamedSeries;
  /** That of a position whose own timeframe is not the scanned one; null without such a position. */
  held: StreamedSeries | null = null;

  constructor(instrument: Instrument, timeframe: Timeframe, settings: SignalSettings) {
    this.instrument = instrument;
    this.scan = new StreamedSeries(instrument.id, timeframe, settings);
  }

  /**
   * Scans `timeframe` from now on and keeps `held` beside it, null for no position. A series that is known under
   * either role goes on as it is; another starts empty and waits for its history.
   */
  follow(timeframe: Timeframe, held: Timeframe | null, settings: SignalSettings): void {
    const scan = this.seriesOf(timeframe, settings);
    this.held = held === null || held === timeframe ? null : this.seriesOf(held, settings);
    this.scan = scan;
  }

  /** Puts signal settings in force. */
  configure(settings: SignalSettings): void {
    this.explained = UNEXPLAINED;
    this.scan.configure(settings);
    this.held?.configure(settings);
  }

  /** The series of a timeframe; null when none of that timeframe is followed. */
  on(timeframe: Timeframe): StreamedSeries | null {
    if (this.scan.timeframe === timeframe) return this.scan;
    return this.held?.timeframe === timeframe ? this.held : null;
  }

  /** The newest price: the last trade's unless a candle has closed since, then its close; null before both. */
  get price(): number | null {
    const { closedMs, close } = this.scan;
    if (closedMs === null || close === null) return this.lastPrice;
    return this.lastPrice !== null && this.priceMs >= closedMs ? this.lastPrice : close;
  }

  private seriesOf(timeframe: Timeframe, settings: SignalSettings): StreamedSeries {
    return this.on(timeframe) ?? new StreamedSeries(this.instrument.id, timeframe, settings);
  }
}
