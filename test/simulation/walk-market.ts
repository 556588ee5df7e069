import { rng, seedOf } from '../../src/core/base/rng.ts';
import type { Instrument, InstrumentId } from '../../src/core/domain/instrument.ts';
import type { MarketSource, Quote } from '../../src/venue/market/market-source.ts';

const FUNDING_MS = 8 * 3_600_000;

/** What a step of a walk says of a price. */
export interface WalkedPrice {
  readonly lastPrice: number;
  readonly markPrice: number;
  readonly indexPrice: number;
  readonly askPrice: number;
  readonly topQuantity: number;
}

/** A market without a past whose prices are set from step to step; at each step everything is quoted anew. */
export class WalkMarket implements MarketSource {
  readonly name = 'walk';
  readonly stepMs = 1000;
  private readonly listed: readonly Instrument[];
  private readonly prices = new Map<InstrumentId, WalkedPrice>();
  private readonly quotes = new Map<InstrumentId, Quote>();

  constructor(listed: readonly Instrument[]) {
    this.listed = listed;
  }

  set(instrumentId: InstrumentId, price: WalkedPrice): void {
    this.prices.set(instrumentId, price);
  }

  instruments(): readonly Instrument[] {
    return this.listed;
  }

  advance(nowMs: number): readonly InstrumentId[] {
    for (const [id, price] of this.prices) this.quotes.set(id, quoteAt(nowMs, id, price));
    return [...this.quotes.keys()];
  }

  quote(instrumentId: InstrumentId): Quote | null {
    return this.quotes.get(instrumentId) ?? null;
  }

  candles(): [] {
    return [];
  }

  trail(): [] {
    return [];
  }

  state(): { readonly kind: 'running' } {
    return { kind: 'running' };
  }
}

/** One rate for one funding, known from its time alone: as markets show it. */
function quoteAt(timeMs: number, id: InstrumentId, price: WalkedPrice): Quote {
  const nextFundingMs = (Math.floor(timeMs / FUNDING_MS) + 1) * FUNDING_MS;
  const fundingRate = Math.round(rng(seedOf(id, nextFundingMs)).normal() * 2000) / 1e6;
  return {
    ...price,
    timeMs,
    bidPrice: price.lastPrice,
    price24hAgo: price.lastPrice,
    high24h: price.lastPrice,
    low24h: price.lastPrice,
    volume24h: 0,
    turnover24h: 0,
    fundingRate,
    nextFundingMs,
  };
}
