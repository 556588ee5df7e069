import type { Candle } from '../../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../../core/domain/instrument.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import { type Grid, gridCount, gridOf, gridValue } from '../market/grid.ts';
import type {
  CandlePrice,
  CandleRange,
  MarketSource,
  MarketState,
  Quote,
  TrailPoint,
} from '../market/market-source.ts';
import type { FaultBoard } from './fault-board.ts';
import type { PriceBends } from './price-bend.ts';

const MINUTE_MS = 60_000;
/** Minutes of bent prices kept by instrument: as far back as anybody asks for the course of a crash. */
const MINUTES_KEPT = 3000;

/** Prices a bend moves. The premium stands still: both sides of it are bent alike. */
type BentPrice = Exclude<CandlePrice, 'premium'>;

interface Range {
  open: number;
  high: number;
  low: number;
  close: number;
}

/** A market as faults leave it: prices bent, quotes changed, instruments that come, change and go. */
export class DisturbedMarket implements MarketSource {
  readonly name: string;
  readonly stepMs: number;
  private readonly market: MarketSource;
  private readonly board: FaultBoard;
  private readonly bends: PriceBends;
  /** What was really quoted in minutes in which a bend moved prices. */
  private readonly seen = new Map<InstrumentId, Map<number, Readonly<Record<BentPrice, Range>>>>();
  private latestMs = Number.NEGATIVE_INFINITY;
  private shown: readonly Instrument[] = [];
  private index: {
    readonly of: readonly Instrument[];
    readonly byId: ReadonlyMap<InstrumentId, Instrument>;
  } = {
    of: [],
    byId: new Map(),
  };
  private gone = new Set<InstrumentId>();

  constructor(options: {
    readonly market: MarketSource;
    readonly board: FaultBoard;
    readonly bends: PriceBends;
  }) {
    this.market = options.market;
    this.name = options.market.name;
    this.stepMs = options.market.stepMs;
    this.board = options.board;
    this.bends = options.bends;
  }

  /** The same list until something in it changes: it is compared by identity. */
  instruments(): readonly Instrument[] {
    const listed = this.market.instruments();
    const hooks = [...this.board.hooks('onInstrument')];
    if (hooks.length === 0) {
      this.gone.clear();
      return listed;
    }
    const gone = new Set<InstrumentId>();
    const before = new Map(this.shown.map((each) => [each.id, each]));
    const list = listed.flatMap((instrument) => {
      let changed: Instrument | null = instrument;
      for (const hook of hooks) changed = changed === null ? null : hook(changed);
      if (changed === null) gone.add(instrument.id);
      return changed === null ? [] : [sameOr(before.get(instrument.id), changed)];
    });
    this.gone = gone;
    this.shown = list;
    return list;
  }

  advance(nowMs: number): readonly InstrumentId[] {
    this.latestMs = Math.max(this.latestMs, nowMs);
    const changed = this.market.advance(this.latestMs);
    if (this.bends.isEmpty && this.board.isQuiet) return changed;
    for (const step of this.board.hooks('onStep')) step();
    if (!this.isMoving()) return changed;
    const all = this.market.instruments().map((instrument) => instrument.id);
    if (this.bends.movesAt(this.latestMs)) for (const id of all) this.remember(id);
    return all;
  }

  quote(instrumentId: InstrumentId): Quote | null {
    const quote = this.gone.has(instrumentId) ? null : this.market.quote(instrumentId);
    if (quote === null || (this.bends.isEmpty && this.board.isQuiet)) return quote;
    const instrument = this.listed(instrumentId);
    if (instrument === undefined) return quote;
    const bent = this.bent(quote, instrument);
    let shown = bent;
    for (const hook of this.board.hooks('onQuote')) shown = hook(shown, instrument);
    return shown === bent ? bent : onGrid(shown, gridOf(instrument.tickSize));
  }

  candles(range: CandleRange): readonly Candle[] | null {
    if (this.gone.has(range.instrumentId)) return null;
    const candles = this.market.candles(range);
    const { instrumentId, price = 'last' } = range;
    if (candles === null || this.bends.isEmpty || price === 'premium') return candles;
    const lengthMs = timeframeMs(range.timeframe);
    return candles.map((candle) => this.bentCandle(candle, { instrumentId, price }, lengthMs));
  }

  /** Bent like the quotes were; the newest point is what is quoted now. */
  trail(instrumentId: InstrumentId, fromMs: number): readonly TrailPoint[] | null {
    if (this.gone.has(instrumentId)) return null;
    const trail = this.market.trail(instrumentId, fromMs);
    const instrument = this.listed(instrumentId);
    if (trail === null || instrument === undefined || (this.bends.isEmpty && this.board.isQuiet))
      return trail;
    const grid = gridOf(instrument.tickSize);
    const quote = this.quote(instrumentId);
    return trail.map((point, at) => {
      const isNow = at === trail.length - 1 && quote !== null;
      const factor = this.bends.factorAt(instrumentId, point.timeMs);
      const lastPrice = isNow ? quote.lastPrice : snapped(point.lastPrice * factor, grid);
      return { ...point, lastPrice };
    });
  }

  state(): MarketState {
    return this.market.state();
  }

  /** As the market itself lists it. */
  private listed(instrumentId: InstrumentId): Instrument | undefined {
    const all = this.market.instruments();
    if (this.index.of !== all) this.index = { of: all, byId: new Map(all.map((each) => [each.id, each])) };
    return this.index.byId.get(instrumentId);
  }

  private isMoving(): boolean {
    if (this.bends.movesAt(this.latestMs)) return true;
    for (const moves of this.board.hooks('movesPrices')) if (moves()) return true;
    return false;
  }

  private bent(quote: Quote, instrument: Instrument): Quote {
    const factor = this.bends.factorAt(instrument.id, this.latestMs);
    if (factor === 1) return quote;
    const grid = gridOf(instrument.tickSize);
    const price = (value: number): number => snapped(value * factor, grid);
    const last = price(quote.lastPrice);
    const bidPrice = Math.min(price(quote.bidPrice), last);
    const spread = Math.max(gridValue(grid, 1), price(quote.askPrice) - price(quote.bidPrice));
    return {
      ...quote,
      lastPrice: last,
      markPrice: price(quote.markPrice),
      indexPrice: price(quote.indexPrice),
      bidPrice,
      askPrice: snapped(bidPrice + spread, grid),
      high24h: Math.max(quote.high24h, last),
      low24h: Math.min(quote.low24h, last),
    };
  }

  private remember(instrumentId: InstrumentId): void {
    const quote = this.quote(instrumentId);
    if (quote === null) return;
    const { lastPrice, markPrice, indexPrice } = quote;
    const minutes = this.seen.get(instrumentId) ?? new Map<number, Readonly<Record<BentPrice, Range>>>();
    this.seen.set(instrumentId, minutes);
    const minute = Math.floor(this.latestMs / MINUTE_MS);
    const ranges = minutes.get(minute);
    if (ranges === undefined) {
      minutes.set(minute, { last: rangeAt(lastPrice), mark: rangeAt(markPrice), index: rangeAt(indexPrice) });
    } else {
      widen(ranges.last, lastPrice);
      widen(ranges.mark, markPrice);
      widen(ranges.index, indexPrice);
    }
    const oldest = minutes.keys().next();
    if (minutes.size > MINUTES_KEPT && oldest.done !== true) minutes.delete(oldest.value);
  }

  /** A candle the bends did not move within is scaled as a whole; any other is put together from its minutes. */
  private bentCandle(
    candle: Candle,
    of: { readonly instrumentId: InstrumentId; readonly price: BentPrice },
    lengthMs: number,
  ): Candle {
    const { openTimeMs } = candle;
    const { instrumentId, price } = of;
    const endMs = openTimeMs + lengthMs;
    if (!this.bends.movesWithin(instrumentId, openTimeMs, endMs)) {
      return this.scaled(candle, instrumentId, this.bends.factorAt(instrumentId, openTimeMs));
    }
    if (lengthMs > MINUTE_MS) return this.folded(candle, of, endMs);
    const opened = this.scaled(candle, instrumentId, this.bends.factorAt(instrumentId, openTimeMs)).open;
    const seen = this.seen.get(instrumentId)?.get(openTimeMs / MINUTE_MS)?.[price];
    if (seen === undefined) return candle;
    const { high, low, close } = seen;
    return { ...candle, open: opened, high: Math.max(opened, high), low: Math.min(opened, low), close };
  }

  private folded(
    candle: Candle,
    of: { readonly instrumentId: InstrumentId; readonly price: BentPrice },
    endMs: number,
  ): Candle {
    const startMs = candle.openTimeMs;
    const limit = (endMs - startMs) / MINUTE_MS;
    const range = { ...of, timeframe: '1m', startMs, endMs: endMs - 1, limit } as const;
    const minutes = (this.market.candles(range) ?? []).map((minute) =>
      this.bentCandle(minute, of, MINUTE_MS),
    );
    const [first, last] = [minutes[0], minutes.at(-1)];
    if (first === undefined || last === undefined) return candle;
    return {
      ...candle,
      open: first.open,
      close: last.close,
      high: Math.max(...minutes.map((minute) => minute.high)),
      low: Math.min(...minutes.map((minute) => minute.low)),
    };
  }

  private scaled(candle: Candle, instrumentId: InstrumentId, factor: number): Candle {
    const instrument = this.listed(instrumentId);
    if (factor === 1 || instrument === undefined) return candle;
    const grid = gridOf(instrument.tickSize);
    const price = (value: number): number => snapped(value * factor, grid);
    const { open, high, low, close } = candle;
    return { ...candle, open: price(open), high: price(high), low: price(low), close: price(close) };
  }
}

function rangeAt(price: number): Range {
  return { open: price, high: price, low: price, close: price };
}

function widen(range: Range, price: number): void {
  range.high = Math.max(range.high, price);
  range.low = Math.min(range.low, price);
  range.close = price;
}

function snapped(value: number, grid: Grid): number {
  return gridValue(grid, Math.max(1, gridCount(grid, value)));
}

function onGrid(quote: Quote, grid: Grid): Quote {
  const bidPrice = snapped(quote.bidPrice, grid);
  return {
    ...quote,
    lastPrice: snapped(quote.lastPrice, grid),
    markPrice: snapped(quote.markPrice, grid),
    indexPrice: snapped(quote.indexPrice, grid),
    bidPrice,
    askPrice: Math.max(snapped(quote.askPrice, grid), gridValue(grid, gridCount(grid, bidPrice) + 1)),
  };
}

/** The one shown before, unless something a client can see differs. */
function sameOr(before: Instrument | undefined, now: Instrument): Instrument {
  if (before === undefined) return now;
  const isSame = Object.entries(now).every(([field, value]) => {
    const known = Reflect.get(before, field);
    return known === value || String(known) === String(value);
  });
  return isSame ? before : now;
}
