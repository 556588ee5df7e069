import { assert } from '../../core/base/assert.ts';
import type { Candle } from '../../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../../core/domain/instrument.ts';
import { MINUTE_MS } from './candle-tree.ts';
import type { Listing } from './listing.ts';
import type { CandleRange, MarketSource, MarketState, Quote, TrailPoint } from './market-source.ts';

/** One point of the price path a second. */
const STEP_MS = 1000;

export interface ListedMarketOptions {
  readonly name: string;
  readonly startMs: number;
  readonly listings: readonly Listing[];
  /** From here on prices stand still; null for a market without end. */
  readonly endMs: number | null;
}

/** A market made of listings that share one clock. Instruments appear when their first candle opens. */
export class ListedMarket implements MarketSource {
  readonly name: string;
  readonly stepMs = STEP_MS;
  private readonly endMs: number | null;
  private readonly listings = new Map<InstrumentId, Listing>();
  private pending: Listing[];
  private listed: Instrument[] = [];
  private nowMs: number;
  private second: number;

  constructor({ name, startMs, listings, endMs }: ListedMarketOptions) {
    this.name = name;
    this.endMs = endMs;
    this.pending = [...listings];
    this.nowMs = startMs;
    this.second = this.secondAt(startMs);
    this.admit();
  }

  instruments(): readonly Instrument[] {
    return this.listed;
  }

  advance(nowMs: number): readonly InstrumentId[] {
    assert(nowMs >= this.nowMs, 'The time of a market never goes back.');
    this.nowMs = nowMs;
    const second = this.secondAt(nowMs);
    if (second === this.second) return [];
    this.second = second;
    const changed: InstrumentId[] = [];
    for (const [id, listing] of this.listings) if (listing.advance(second)) changed.push(id);
    changed.push(...this.admit());
    return changed;
  }

  quote(instrumentId: InstrumentId): Quote | null {
    return this.current(instrumentId)?.quote() ?? null;
  }

  candles(range: CandleRange): readonly Candle[] | null {
    return this.current(range.instrumentId)?.candles(range) ?? null;
  }

  trail(instrumentId: InstrumentId, fromMs: number): readonly TrailPoint[] | null {
    return this.current(instrumentId)?.trail(Math.ceil(fromMs / STEP_MS)) ?? null;
  }

  state(): MarketState {
    if (this.endMs === null || this.nowMs < this.endMs) return { kind: 'running' };
    return { kind: 'ended', atMs: this.endMs, detail: `${this.name} has ended; prices stand still.` };
  }

  /** A listing makes its prices when first asked: a market of hundreds is created at once. */
  private current(instrumentId: InstrumentId): Listing | undefined {
    const listing = this.listings.get(instrumentId);
    listing?.advance(this.second);
    return listing;
  }

  /** The last second with a price of its own stands for all times after the end. */
  private secondAt(nowMs: number): number {
    const lastMs = this.endMs === null ? nowMs : Math.min(nowMs, this.endMs - 1);
    return Math.floor(lastMs / STEP_MS);
  }

  /** Lists what has its first candle by now; gives the ids. */
  private admit(): InstrumentId[] {
    const due = this.pending.filter((listing) => this.isDue(listing));
    if (due.length === 0) return [];
    this.pending = this.pending.filter((listing) => !this.isDue(listing));
    for (const listing of due) this.listings.set(listing.instrument.id, listing);
    this.listed = [...this.listed, ...due.map((listing) => listing.instrument)];
    return due.map((listing) => listing.instrument.id);
  }

  private isDue(listing: Listing): boolean {
    return listing.firstMinute * MINUTE_MS <= this.second * STEP_MS;
  }
}
