import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import {
  BTC,
  CANDLE_MS,
  ETH,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  SOL,
  Story,
  settings,
  waves,
} from './story.ts';

const SOLD = { fillId: 'f2', side: 'sell', price: '85', quantity: '0.1' } as const;

describe('fills at the edge', () => {
  it('takes a fill from before the position was opened for history', () => {
    const story = holding();
    const old = { ...SOLD, timeMs: story.nowMs - 1 };
    expect(story.fill(old)).toEqual(['warning engine.fill.foreign BTCUSDT']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('books only its share of a fill larger than what is held', () => {
    const story = holding();
    expect(story.fill({ ...SOLD, quantity: '0.4', fee: '0.02' })).toEqual([
      'warning engine.fill.foreign BTCUSDT',
      'closed long 0.1 BTCUSDT by external: gross -1.5 fees 0.0105',
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('closes a position larger than one market order piece by piece', () => {
    const story = holding();
    story.say({ kind: 'instrument', instrument: instrument(BTC, { marketQuantityMax: decimal('0.06') }) });
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.06 BTCUSDT reduce-only');
    const first = story.orderId(2);
    story.fill({ ...SOLD, clientOrderId: first, quantity: '0.06' });
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.04 BTCUSDT reduce-only');
    expect(
      story.order(first, 'cancelled'),
      'a word about the first piece does not disturb the second',
    ).toEqual([]);
    expect(story.fill({ ...SOLD, fillId: 'f3', clientOrderId: story.orderId(3), quantity: '0.04' })[0]).toBe(
      'closed long 0.1 BTCUSDT by stop-loss: gross -1.5 fees 0.0055',
    );
  });

  it('counts an entry that may still fill although its position has closed', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.04' });
    story.fill({ ...SOLD, quantity: '0.04', cause: 'stop-loss' });
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.autoBot().slots.used).toBe(1);
    story.order(story.orderId(1), 'cancelled');
    expect(story.engine.autoBot().slots.used).toBe(0);
  });

  it('remembers a bounded number of orders and fills, and retries an exit at least once a minute', () => {
    const story = holding();
    story.price(BTC, 85);
    for (let attempt = 2; attempt < 300; attempt += 1) {
      story.order(story.orderId(attempt), 'rejected');
      story.wait(60_000);
      expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
      story.fill({ fillId: `s${attempt}a`, instrumentId: SOL, price: '1', quantity: '1' });
      story.fill({ fillId: `s${attempt}b`, instrumentId: SOL, price: '1', quantity: '1' });
    }
    const kept = story.engine.tradingSnapshot();
    expect(kept.orders).toHaveLength(256);
    expect(kept.fillIds).toHaveLength(512);
    expect(story.engine.positions()).toMatchObject([{ state: 'closing' }]);
  });
});

describe('readings of the account at the edge', () => {
  it('takes no reading older than the newest', () => {
    const story = oversold();
    const earlierMs = story.nowMs - 1;
    story.account();
    const balance = { equity: decimal(1), walletBalance: decimal(1), available: decimal(1) };
    const positions = [exchangePosition({ instrumentId: SOL })];
    expect(story.say({ kind: 'account-snapshot', asOfMs: earlierMs, balance, positions })).toEqual([]);
    expect(story.engine.foreignPositions()).toEqual([]);
  });

  it('takes nothing about a position from a reading that is not newer than its last fill', () => {
    const story = holding();
    expect(story.account([exchangePosition({ stopPrice: null, quantity: decimal(9) })])).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ stopConfirmedMs: null }]);
  });

  it('gives the exchange two seconds to show a fill', () => {
    const story = holding();
    story.wait(2_000);
    expect(story.account([])).toEqual([]);
    story.wait(1);
    expect(story.account([])).toEqual(['ask position-absent']);
  });

  it('gives the exchange two seconds to forget a closed position before it counts as foreign', () => {
    const story = holding();
    story.fill(SOLD);
    story.wait(2_000);
    expect(story.account([exchangePosition()])).toEqual([]);
    expect(story.engine.foreignPositions()).toEqual([]);
    story.wait(1);
    expect(story.account([exchangePosition()])).toEqual(['warning engine.position.foreign BTCUSDT']);
  });

  it('waits ten seconds before it takes a position that is still there for a failed exit', () => {
    const story = holding();
    story.price(BTC, 85);
    story.wait(9_999);
    expect(story.account([exchangePosition({ markPrice: decimal(84) })])).toEqual([]);
    story.wait(1);
    expect(story.account([exchangePosition({ markPrice: decimal(84) })])).toEqual([
      'give up BTCUSDT: engine.exit.failed',
      'warning engine.exit.failed BTCUSDT',
      'ask exit-ended-without-flat',
    ]);
  });

  it('keeps the reason of our exit when the position vanishes before its fills arrive', () => {
    const story = holding();
    story.price(BTC, 85);
    story.wait(5_000);
    story.account([]);
    story.wait(5_000);
    expect(story.confirm()[1]).toBe('closed long 0.1 BTCUSDT by stop-loss: gross -1.5 fees 0.0055');
  });

  it('never takes on what the exchange states beyond our fills', () => {
    const story = holding();
    const more = exchangePosition({ quantity: decimal('0.3') });
    story.wait(5_000);
    expect(story.account([more])).toEqual(['warning engine.position.drift BTCUSDT', 'ask position-drift']);
    story.wait(5_000);
    expect(story.account([more])).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('sets no stop on the wrong side of the price', () => {
    const story = holding();
    story.price(BTC, 84);
    story.wait(5_000);
    const naked = exchangePosition({ stopPrice: null, markPrice: decimal(84) });
    expect(story.account([naked])).toEqual(['critical engine.stop.restored BTCUSDT']);
    expect(story.timer('protect')).toEqual([]);
  });

  it('puts a lost take-profit back, and leaves one alone that a person has set where we want none', () => {
    const story = holding();
    story.wait(5_000);
    expect(story.account([exchangePosition({ takeProfitPrice: null })])).toEqual([
      'amend long BTCUSDT: stop kept profit 150',
    ]);
    const without = settings({ exit: { takeProfitPct: null } });
    expect(story.command({ kind: 'configure', settings: without, version: 2 })[0]).toBe('ask levels-moved');
    story.wait(5_000);
    expect(story.account([exchangePosition({ takeProfitPrice: decimal(130) })])).toEqual([]);
  });
});

describe('entries at the edge', () => {
  /** A story with a signal on BTC and, one fall deeper, on ETH. */
  function two(changes: Record<string, unknown> = {}): Story {
    const story = new Story(changes);
    story.begin(instrument(BTC), instrument(ETH));
    story.command({ kind: 'enable-auto-bot' });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    story.candles(ETH, [...waves(HISTORY_LENGTH - 1, 'trough'), 99]);
    story.account();
    return story;
  }

  it('ranks the deeper RSI before the more liquid instrument', () => {
    const story = two({ risk: { positionsMax: 1 } });
    story.price(BTC, 100, 9e6);
    story.price(ETH, 100, 1e6);
    expect(story.timer('entry-pass')).toEqual([
      'entry: buy 0.1 ETHUSDT stop 85 profit 150 leverage 1',
      'explain ETHUSDT ordered #1 of 1 free',
      'explain BTCUSDT no-slot #2 of 0 free',
    ]);
  });

  it('counts an entry in flight against the exposure of the next', () => {
    const story = two({ risk: { exposurePctMax: 1, dailyLossPctMax: 100 } });
    story.account([], 1_500);
    expect(story.timer('entry-pass').slice(1)).toEqual([
      'explain ETHUSDT ordered #1 of 5 free',
      'explain BTCUSDT refused #2 of 4 free risk.limit.exposure',
    ]);
  });

  it('counts foreign positions against the exposure', () => {
    const story = oversold({ risk: { dailyLossPctMax: 100 } });
    story.wait(5_000);
    story.account([exchangePosition({ instrumentId: SOL, quantity: decimal(5) })], 509);
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT refused #1 of 5 free risk.limit.exposure']);
  });

  it('enters nothing without a lease', () => {
    const story = new Story();
    story.say({ kind: 'instrument', instrument: instrument(BTC) });
    story.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
    story.command({ kind: 'enable-auto-bot' });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT refused engine.entry.no-lease']);
  });

  it('enters on no candle older than one interval and five seconds past its close', () => {
    const story = oversold();
    story.wait(CANDLE_MS + 5_001);
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT vetoed filter.data.stale']);
  });

  it('lets the feed as a whole bring back an instrument that was silent', () => {
    const story = oversold();
    story.say({ kind: 'feed-lost', instrumentId: BTC, timeframe: null, reason: 'silent' });
    story.say({ kind: 'feed-restored', instrumentId: null, timeframe: null });
    expect(story.engine.scanRow(BTC)?.blockers).toEqual([]);
  });

  it('does not make an instrument younger by computing its indicators anew', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    story.candles(BTC, waves(1_100, 'trough'));
    const shown = () =>
      story.engine.explain(BTC, story.nowMs)?.verdicts.find((verdict) => verdict.filter === 'maturity')
        ?.value;
    expect(shown()).toBe(1_100);
    story.command({ kind: 'configure', settings: settings({ signal: { rsiLength: 10 } }), version: 2 });
    expect(shown()).toBe(1_100);
  });
});
