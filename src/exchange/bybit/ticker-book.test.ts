import { describe, expect, it } from 'vitest';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { Counters } from '../counters.ts';
import { TickerBook } from './ticker-book.ts';

const BTC = instrument();

function push(type: 'snapshot' | 'delta', data: unknown) {
  return { topic: 'tickers.BTCUSDT', type, data };
}

function snapshot(fields: Record<string, unknown> = {}) {
  const prices = { lastPrice: '100', markPrice: '101', bid1Price: '99', ask1Price: '100.1' };
  const rest = { turnover24h: '7', price24hPcnt: '0.02', fundingRate: '' };
  return push('snapshot', { symbol: 'BTCUSDT', ...prices, ...rest, ...fields });
}

function delta(fields: Record<string, unknown>) {
  return push('delta', { symbol: 'BTCUSDT', ...fields });
}

describe('a ticker book', () => {
  it('keeps what a delta leaves out', () => {
    const book = new TickerBook(new Counters());
    expect(book.apply(snapshot(), BTC)).toMatchObject({ lastPrice: 100, askPrice: 100.1, markPrice: 101 });
    expect(book.apply(delta({ lastPrice: '102' }), BTC)).toMatchObject({
      lastPrice: 102,
      askPrice: 100.1,
      markPrice: 101,
    });
    expect(book.apply(delta({ ask1Price: '' }), BTC)).toMatchObject({
      lastPrice: 102,
      askPrice: null,
      markPrice: 101,
    });
  });

  it('forgets with a snapshot', () => {
    const book = new TickerBook(new Counters());
    book.apply(snapshot(), BTC);
    expect(book.apply(snapshot({ lastPrice: '5', ask1Price: '' }), BTC)).toMatchObject({
      lastPrice: 5,
      askPrice: null,
    });
  });

  it('says nothing when a delta changes nothing we read', () => {
    const book = new TickerBook(new Counters());
    book.apply(snapshot(), BTC);
    expect(book.apply(delta({ openInterest: '5', lastPrice: '100' }), BTC)).toBeNull();
  });

  it('ignores a delta before the snapshot', () => {
    const counters = new Counters();
    expect(new TickerBook(counters).apply(delta({ lastPrice: '50' }), BTC)).toBeNull();
    expect(counters.snapshot()).toEqual({ 'push-unreadable tickers': 1 });
  });

  it.each([
    delta({ lastPrice: '0' }),
    delta({ lastPrice: 'NaN' }),
    delta({ markPrice: -1 }),
    delta({ symbol: 'ETHUSDT' }),
    push('delta', null),
    push('delta', 'text'),
  ])('keeps what was known when a push says %o', (broken) => {
    const counters = new Counters();
    const book = new TickerBook(counters);
    book.apply(snapshot(), BTC);
    expect(book.apply(broken, BTC)).toBeNull();
    expect(book.apply(delta({ lastPrice: '103' }), BTC)).toMatchObject({ lastPrice: 103, markPrice: 101 });
    expect(counters.snapshot()['push-unreadable tickers']).toBe(1);
  });
});
