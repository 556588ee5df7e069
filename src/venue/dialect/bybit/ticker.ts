import { decimal, decimalText } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { type BestPrices, bestPrices } from '../../best-prices.ts';
import { type Grid, gridOf } from '../../market/grid.ts';
import type { Quote } from '../../market/market-source.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { FUNDING_RATE_MAX } from './market-row.ts';

const HOUR_MS = 3_600_000;

/** Everything a ticker is made of. */
interface TickerReading {
  readonly quote: Quote;
  readonly best: BestPrices;
  readonly openInterest: number;
  /** Price an hour ago, as near as hourly candles tell. */
  readonly price1hAgo: number;
}

/** Decimal places of an instrument's prices and quantities. */
interface Places {
  readonly price: number;
  readonly quantity: number;
}

/** One number of the ticker: where it comes from and how it is written. */
interface TickerField {
  readonly name: string;
  readonly value: (reading: TickerReading) => number;
  readonly text: (value: number, places: Places) => string;
}

const price = (value: number, places: Places): string => value.toFixed(places.price);
const quantity = (value: number, places: Places): string => value.toFixed(places.quantity);
const fixed =
  (digits: number) =>
  (value: number): string =>
    value.toFixed(digits);

/** The numbers `market/tickers` and the `tickers` topic share, in the exchange's order; the last price comes first. */
const FIELDS: readonly TickerField[] = [
  { name: 'lastPrice', value: ({ quote }) => quote.lastPrice, text: price },
  { name: 'indexPrice', value: ({ quote }) => quote.indexPrice, text: price },
  { name: 'markPrice', value: ({ quote }) => quote.markPrice, text: price },
  { name: 'prevPrice24h', value: ({ quote }) => quote.price24hAgo, text: price },
  { name: 'price24hPcnt', value: ({ quote }) => quote.lastPrice / quote.price24hAgo - 1, text: fixed(6) },
  { name: 'highPrice24h', value: ({ quote }) => quote.high24h, text: price },
  { name: 'lowPrice24h', value: ({ quote }) => quote.low24h, text: price },
  { name: 'prevPrice1h', value: ({ price1hAgo }) => price1hAgo, text: price },
  { name: 'openInterest', value: ({ openInterest }) => openInterest, text: quantity },
  {
    name: 'openInterestValue',
    value: ({ openInterest, quote }) => openInterest * quote.markPrice,
    text: fixed(2),
  },
  { name: 'singleOpenInterest', value: ({ openInterest }) => openInterest, text: quantity },
  {
    name: 'singleOpenInterestValue',
    value: ({ openInterest, quote }) => openInterest * quote.markPrice,
    text: fixed(2),
  },
  { name: 'turnover24h', value: ({ quote }) => quote.turnover24h, text: fixed(4) },
  { name: 'volume24h', value: ({ quote }) => quote.volume24h, text: fixed(4) },
  { name: 'fundingRate', value: ({ quote }) => quote.fundingRate, text: rateText },
  { name: 'nextFundingTime', value: ({ quote }) => quote.nextFundingMs, text: String },
  { name: 'bid1Price', value: ({ best }) => best.bidPrice, text: price },
  { name: 'bid1Size', value: ({ best }) => best.bidQuantity, text: quantity },
  { name: 'ask1Price', value: ({ best }) => best.askPrice, text: price },
  { name: 'ask1Size', value: ({ best }) => best.askQuantity, text: quantity },
];

const NAMES = FIELDS.map(({ name }) => name);

/** The ticker of an instrument now, all text; null when it is not quoted. */
export function tickerOf(floor: TradingFloor, instrument: Instrument): Record<string, string> | null {
  const known = asked.get(floor) ?? new WeakMap<Instrument, Ticker>();
  asked.set(floor, known);
  const ticker = known.get(instrument) ?? new Ticker(floor, instrument);
  known.set(instrument, ticker);
  return ticker.read() ? ticker.row() : null;
}

/** Tickers asked for before: all of hundreds are asked for again and again, and few of their numbers differ. */
const asked = new WeakMap<TradingFloor, WeakMap<Instrument, Ticker>>();

/** The ticker of one instrument, followed: only numbers that have changed are written anew. */
export class Ticker {
  private readonly floor: TradingFloor;
  private readonly instrument: Instrument;
  private readonly places: Places;
  private readonly steps: Grid;
  private readonly values = new Float64Array(FIELDS.length).fill(Number.NaN);
  private readonly texts: string[] = FIELDS.map(() => '');
  private readonly changes: number[] = [];

  constructor(floor: TradingFloor, instrument: Instrument) {
    this.floor = floor;
    this.instrument = instrument;
    this.steps = gridOf(instrument.quantityStep);
    this.places = {
      price: instrument.tickSize.decimalPlaces(),
      quantity: instrument.quantityStep.decimalPlaces(),
    };
  }

  /** Reads the quote of now; false when there is none. */
  read(): boolean {
    const { id } = this.instrument;
    const quote = this.floor.market.quote(id);
    if (quote === null) return false;
    const reading = {
      quote,
      best: bestPrices(quote, this.steps, this.floor.touchedBook(id, quote)),
      openInterest: this.floor.openInterest(id).toNumber(),
      price1hAgo: this.floor.hourOpen(id) ?? quote.lastPrice,
    };
    this.changes.length = 0;
    for (let at = 0; at < FIELDS.length; at += 1) this.readField(at, reading);
    return true;
  }

  /** True when the last reading has changed something. */
  hasChanged(): boolean {
    return this.changes.length > 0;
  }

  /** What the last reading has changed, as members of a JSON object: names and numbers need no escaping. */
  changed(): string {
    let text = '';
    for (const at of this.changes) text += `,"${NAMES[at]}":"${this.texts[at]}"`;
    return text;
  }

  /** NaN before the first reading. */
  lastPrice(): number {
    return this.values[0] ?? Number.NaN;
  }

  row(): Record<string, string> {
    const numbers = FIELDS.map(({ name }, at) => [name, this.texts[at] ?? '']);
    return {
      symbol: this.instrument.exchangeSymbol,
      ...Object.fromEntries(numbers),
      fundingIntervalHour: String(this.instrument.fundingIntervalMs / HOUR_MS),
      fundingCap: FUNDING_RATE_MAX,
      preOpenPrice: '',
      preQty: '',
      curPreListingPhase: '',
    };
  }

  private readField(at: number, reading: TickerReading): void {
    const field = FIELDS[at];
    const value = field?.value(reading) ?? Number.NaN;
    if (field === undefined || this.values[at] === value) return;
    this.values[at] = value;
    const text = field.text(value, this.places);
    if (this.texts[at] === text) return;
    this.texts[at] = text;
    this.changes.push(at);
  }
}

function rateText(rate: number): string {
  return decimalText(decimal(rate.toFixed(8)));
}
