import { describe, expect, it } from 'vitest';
import { decimal } from '../../core/base/decimal.ts';
import { type Candle, candleFault } from '../../core/domain/candle.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { TIMEFRAMES, type Timeframe, timeframeMs } from '../../core/domain/timeframe.ts';
import type { MarketSource } from './market-source.ts';
import { syntheticMarket } from './synthetic.ts';

const START_MS = Date.UTC(2026, 2, 5, 13, 47, 12);
const DAY_MS = 86_400_000;

function market(seed = 1, instrumentCount = 80, startMs = START_MS): MarketSource {
  return syntheticMarket({ seed, instrumentCount, startMs, candleScale: 'demo' });
}

function idAt(source: MarketSource, index: number): InstrumentId {
  return source.instruments()[index]!.id;
}

interface Wanted {
  readonly timeframe: Timeframe;
  readonly limit: number;
  readonly endMs?: number;
}

function candles(
  source: MarketSource,
  id: InstrumentId,
  { timeframe, limit, endMs }: Wanted,
): readonly Candle[] {
  return source.candles({ instrumentId: id, timeframe, startMs: null, endMs: endMs ?? null, limit })!;
}

function joined(parts: readonly Candle[]): Omit<Candle, 'openTimeMs' | 'volume'> {
  return {
    open: parts[0]!.open,
    high: Math.max(...parts.map((part) => part.high)),
    low: Math.min(...parts.map((part) => part.low)),
    close: parts.at(-1)!.close,
  };
}

describe('syntheticMarket', () => {
  it('lists the well-known coins first, each instrument once, with sound rules', () => {
    const instruments = market(1, 600).instruments();
    expect(instruments.slice(0, 3).map(({ id }) => id)).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT']);
    expect(new Set(instruments.map(({ id }) => id)).size).toBe(600);
    expect(new Set(instruments.map(({ exchangeSymbol }) => exchangeSymbol)).size).toBe(600);
    for (const instrument of instruments) {
      expect(instrument.tickSize.greaterThan(0)).toBe(true);
      expect(instrument.marketQuantityMax.dividedBy(instrument.quantityStep).isInteger()).toBe(true);
      expect(instrument.marketQuantityMax.greaterThanOrEqualTo(instrument.quantityMin)).toBe(true);
    }
  });

  it('keeps multipliers in our spelling and in the exchange spelling', () => {
    const shib = market(1, 600)
      .instruments()
      .find(({ base }) => base === 'SHIB')!;
    expect(shib).toMatchObject({ id: '1000SHIBUSDT', exchangeSymbol: 'SHIB1000USDT', multiplier: 1000 });
  });

  it('gives the same prices for one seed whenever it was started, and others for another seed', () => {
    const wanted: Wanted = { timeframe: '5m', limit: 50, endMs: START_MS - DAY_MS };
    const id = idAt(market(), 4);
    const first = candles(market(), id, wanted);
    expect(candles(market(1, 80, START_MS + 3 * DAY_MS + 77_000), id, wanted)).toEqual(first);
    expect(candles(market(2), id, wanted)).not.toEqual(first);
  });

  it.each(TIMEFRAMES.filter((timeframe) => timeframe !== '1m'))(
    'joins minutes into %s candles',
    (timeframe) => {
      const source = market();
      const id = idAt(source, 7);
      const length = timeframeMs(timeframe) / 60_000;
      for (const whole of candles(source, id, { timeframe, limit: 3 })) {
        const endMs = whole.openTimeMs + timeframeMs(timeframe) - 1;
        const minutes = candles(source, id, { timeframe: '1m', limit: length, endMs }).filter(
          (minute) => minute.openTimeMs >= whole.openTimeMs,
        );
        expect(whole).toMatchObject(joined(minutes));
        const volume = minutes.reduce((sum, minute) => sum + minute.volume, 0);
        expect(Math.abs(volume - whole.volume)).toBeLessThan(1e-6 * whole.volume + 1e-9);
      }
    },
  );

  it('gives sound candles on the tick grid, each opening where the one before closed', () => {
    const source = market();
    for (const { id, tickSize } of source.instruments()) {
      let before: Candle | null = null;
      for (const candle of candles(source, id, { timeframe: '1h', limit: 60 })) {
        expect(candleFault(candle)).toBeNull();
        expect(decimal(candle.low).dividedBy(tickSize).isInteger()).toBe(true);
        if (before !== null) expect(candle.open).toBe(before.close);
        before = candle;
      }
    }
  });

  it('makes the candle of a minute from the quotes of its seconds', () => {
    const openTimeMs = Math.floor(START_MS / 60_000) * 60_000 + 60_000;
    const source = market();
    const id = idAt(source, 12);
    const prices: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      source.advance(openTimeMs + second * 1000);
      prices.push(source.quote(id)!.lastPrice);
      const running = candles(source, id, { timeframe: '1m', limit: 1 })[0]!;
      expect(running).toMatchObject({ openTimeMs, high: Math.max(...prices), low: Math.min(...prices) });
      expect(running.close).toBe(prices.at(-1));
    }
    source.advance(openTimeMs + 60_000);
    const [closed] = candles(source, id, { timeframe: '1m', limit: 2 });
    expect(closed).toMatchObject({
      openTimeMs,
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1),
    });
  });

  it('quotes around the last price and agrees with the candles of 24 hours', () => {
    const source = market();
    for (const { id, launchTimeMs } of source.instruments()) {
      const quote = source.quote(id)!;
      expect(quote.bidPrice).toBeLessThan(quote.askPrice);
      expect([quote.bidPrice, quote.askPrice]).toContain(quote.lastPrice);
      expect(quote.topQuantity).toBeGreaterThan(0);
      expect(quote.nextFundingMs).toBeGreaterThan(START_MS);
      if (launchTimeMs > START_MS - 2 * DAY_MS) continue;
      const day = candles(source, id, { timeframe: '1m', limit: 1441 });
      const { open, high, low } = joined(day);
      expect(quote).toMatchObject({ price24hAgo: open, high24h: high, low24h: low });
      expect(quote.turnover24h / quote.volume24h).toBeGreaterThan(low);
      expect(quote.turnover24h / quote.volume24h).toBeLessThan(high);
    }
  });

  it('tells which quotes changed, and nothing within one second', () => {
    const source = market();
    const before = new Map(source.instruments().map(({ id }) => [id, source.quote(id)!]));
    const changed = new Set(source.advance(START_MS + 1000));
    for (const [id, quote] of before) {
      const after = source.quote(id)!;
      const differs = after.lastPrice !== quote.lastPrice || after.markPrice !== quote.markPrice;
      expect(changed.has(id), id).toBe(differs);
    }
    expect(changed.size).toBeGreaterThan(0);
    expect(source.advance(START_MS + 1500)).toEqual([]);
  });

  it('refuses time that goes back', () => {
    const source = market();
    expect(() => source.advance(START_MS - 1)).toThrow('never goes back');
  });

  it('has young instruments with a short history', () => {
    const source = market();
    const young = source.instruments().at(-1)!;
    const history = candles(source, young.id, { timeframe: '1m', limit: 300 });
    expect(history.length).toBeLessThan(100);
    expect(history[0]!.openTimeMs).toBe(young.launchTimeMs);
  });

  it('stays within a sane band for weeks', () => {
    const source = market(3, 60);
    for (const { id } of source.instruments()) {
      const days = candles(source, id, { timeframe: '1d', limit: 60 });
      const { high, low } = joined(days);
      expect(high / low, id).toBeLessThan(100);
      expect(
        Math.max(...days.map(({ close }) => close)) / Math.min(...days.map(({ close }) => close)),
      ).toBeLessThan(20);
    }
  });

  it('answers null for an instrument that is not listed', () => {
    const source = market(1, 1);
    const stranger = idAt(market(), 5);
    expect(source.quote(stranger)).toBeNull();
    const range = { instrumentId: stranger, timeframe: '1m', startMs: null, endMs: null, limit: 1 } as const;
    expect(source.candles(range)).toBeNull();
  });

  it('never ends', () => {
    expect(market().state()).toEqual({ kind: 'running' });
  });
});

describe('candles of a range', () => {
  it('hold both ends and the newest within the limit', () => {
    const source = market();
    const endMs = Math.floor(START_MS / 60_000) * 60_000 - 600_000;
    const range = {
      instrumentId: idAt(source, 3),
      timeframe: '1m',
      endMs,
      startMs: endMs - 300_000,
    } as const;
    const opens = (limit: number): number[] =>
      source.candles({ ...range, limit })!.map(({ openTimeMs }) => (openTimeMs - endMs) / 60_000);
    expect(opens(100)).toEqual([-5, -4, -3, -2, -1, 0]);
    expect(opens(2)).toEqual([-1, 0]);
  });

  it('is empty before the launch and after now', () => {
    const source = market();
    const range = { instrumentId: idAt(source, 3), timeframe: '1m', limit: 10 } as const;
    const { launchTimeMs } = source.instruments()[3]!;
    expect(source.candles({ ...range, startMs: null, endMs: launchTimeMs - 60_000 })).toEqual([]);
    expect(source.candles({ ...range, startMs: START_MS + 60_000, endMs: null })).toEqual([]);
  });
});
