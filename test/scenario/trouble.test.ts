import { describe, expect, it } from 'vitest';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  exchangePosition,
  HISTORY_LENGTH,
  holding,
  oversold,
  SOL,
  START_MS,
} from './story.ts';

const EXIT_FILL = { fillId: 'f2', side: 'sell', price: '85', quantity: '0.1' } as const;

describe('orders that go wrong', () => {
  it('frees the slot of a rejected entry and waits one interval', () => {
    const story = oversold();
    story.timer('entry-pass');
    expect(story.order(story.orderId(1), 'rejected', '110007')).toEqual([
      'warning engine.entry.failed BTCUSDT',
    ]);
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.bots()).toEqual([]);
    expect(story.engine.autoBot().slots).toEqual({ max: 5, used: 0 });
    story.wait(CANDLE_MS - 1);
    const verdicts = story.engine.explain(BTC, story.nowMs)?.verdicts ?? [];
    expect(verdicts.find(({ filter }) => filter === 'cool-down')).toEqual({
      filter: 'cool-down',
      code: 'filter.cool-down.waiting',
      kind: 'veto',
      value: 1,
      threshold: 0,
      margin: -1,
      unit: 'ms',
    });
  });

  it('keeps what was filled of an entry that is cancelled half way', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.04' });
    expect(story.order(story.orderId(1), 'cancelled')).toEqual(['ask entry-partly-filled']);
    expect(story.engine.positions()).toMatchObject([{ state: 'open', quantity: '0.04' }]);
  });

  it('freezes an instrument whose entry may exist, and thaws it when the exchange knows the order', () => {
    const story = oversold();
    story.timer('entry-pass');
    expect(story.order(story.orderId(1), 'unknown')).toEqual([
      'halt BTCUSDT',
      'critical engine.order.unknown BTCUSDT',
      'ask order-unknown',
    ]);
    expect(story.order(story.orderId(1), 'unknown')).toEqual([]);
    expect(story.timer('entry-pass')).toEqual([]);
    expect(story.engine.autoBot().slots.used).toBe(1);
    expect(story.order(story.orderId(1), 'filled')).toEqual(['info engine.order.settled BTCUSDT']);
    expect(story.engine.positions()).toMatchObject([{ state: 'entering' }]);
  });

  it('takes a position at the exchange as proof of an unknown entry, and protects it before its fills arrive', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'unknown');
    story.wait(1_000);
    expect(story.account([exchangePosition({ stopPrice: null })])).toEqual([
      'info engine.order.settled BTCUSDT',
      'ask fills-missing',
      'critical engine.stop.restored BTCUSDT',
      'amend long BTCUSDT: stop 85 profit kept',
    ]);
    expect(story.engine.foreignPositions()).toEqual([]);
  });

  it.each(['sent', 'unknown'] as const)(
    'never gives up an entry that is %s for want of a position',
    (state) => {
      const story = oversold();
      story.timer('entry-pass');
      if (state === 'unknown') story.order(story.orderId(1), 'unknown');
      for (let reading = 0; reading < 5; reading += 1) {
        story.wait(60_000);
        expect(story.account()).toEqual([]);
      }
      expect(story.engine.positions()).toMatchObject([{ state: 'entering' }]);
      expect(story.order(story.orderId(1), 'not-placed')).toEqual(['warning engine.entry.failed BTCUSDT']);
    },
  );

  it('freezes nothing for an order that has filled to the last lot', () => {
    const story = holding();
    expect(story.order(story.orderId(1), 'unknown')).toEqual([]);
  });

  it('gives an accepted entry up only where the exchange bears out that nothing is held, and takes its late fill on', () => {
    const story = oversold();
    story.timer('entry-pass');
    const id = story.orderId(1);
    story.order(id, 'accepted');
    story.wait(9_999);
    expect(story.account()).toEqual([]);
    story.wait(1);
    expect(story.account()).toEqual(['ask position-absent']);
    story.wait(1_999);
    expect(story.account()).toEqual([]);
    story.wait(1);
    expect(story.account()).toEqual(['ask position-absent']);
    expect(story.wait(600_000).account()).toEqual([]);
    expect(story.wait(30_000).confirm()).toEqual([
      'give up BTCUSDT: engine.position.gone',
      'warning engine.entry.failed BTCUSDT',
    ]);
    expect(story.fill({ clientOrderId: id, price: '100', quantity: '0.1' })).toEqual([
      'critical engine.order.settled BTCUSDT',
      'ask entry-filled-late',
      'info engine.position.opened BTCUSDT',
    ]);
    expect(story.engine.positions()).toMatchObject([{ state: 'open', stopPrice: '85' }]);
  });

  it('sends a failed exit again on the next tick after its wait, which doubles', () => {
    const story = holding();
    story.price(BTC, 85);
    expect(story.order(story.orderId(2), 'rejected', '10001')).toEqual([
      'warning engine.exit.failed BTCUSDT',
      'ask exit-ended-without-flat',
    ]);
    story.wait(999);
    expect(story.price(BTC, 84)).toEqual([]);
    story.wait(1);
    expect(story.price(BTC, 86)).toEqual([
      'stop-loss: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
    story.order(story.orderId(3), 'cancelled');
    story.wait(1_999);
    expect(story.price(BTC, 84)).toEqual([]);
    story.wait(1);
    expect(story.price(BTC, 84)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });

  it('closes what a partly filled exit has left', () => {
    const story = holding();
    story.price(BTC, 85);
    const id = story.orderId(2);
    expect(story.fill({ ...EXIT_FILL, clientOrderId: id, quantity: '0.03' })).toEqual([]);
    story.order(id, 'cancelled');
    story.wait(1_000);
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.07 BTCUSDT reduce-only');
  });

  it('gives an exit of unknown outcome up when the position is still there, and sends another', () => {
    const story = holding();
    story.price(BTC, 85);
    story.order(story.orderId(2), 'unknown');
    story.wait(60_000);
    expect(story.price(BTC, 84)).toEqual([]);
    expect(story.account([exchangePosition()])).toEqual([
      'give up BTCUSDT: engine.exit.failed',
      'warning engine.exit.failed BTCUSDT',
      'ask exit-ended-without-flat',
    ]);
    story.wait(1_000);
    expect(story.price(BTC, 84)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });

  it('asks the exchange about an order that stays without a word', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.wait(10_000);
    expect(story.timer('protect')).toEqual([]);
    story.wait(1);
    expect(story.timer('protect')).toEqual(['look up BTCUSDT', 'ask order-overdue']);
  });

  it.each(['nothing', 'a part'])(
    'waits with the end of a position while it knows %s of its beginning',
    (known) => {
      const story = oversold();
      story.timer('entry-pass');
      const id = story.orderId(1);
      story.order(id, 'unknown');
      if (known === 'a part')
        story.fill({ fillId: 'e1', clientOrderId: id, price: '100', quantity: '0.04', timeMs: story.nowMs });
      const end = { ...EXIT_FILL, cause: 'stop-loss', timeMs: story.nowMs + 5 } as const;
      expect(story.fill(end)).toEqual([]);
      const rest = known === 'a part' ? '0.06' : '0.1';
      story.fill({ fillId: 'e2', clientOrderId: id, price: '100', quantity: rest, timeMs: story.nowMs + 1 });
      expect(story.fill(end)).toEqual([
        'closed long 0.1 BTCUSDT by exchange-stop: gross -1.5 fees 0',
        'info engine.position.closed BTCUSDT',
      ]);
    },
  );

  it('takes a late word on an entry that has filled for nothing, whatever holds its instrument by now', () => {
    const story = oversold({ filter: { lossReentryEnabled: false } });
    story.timer('entry-pass');
    const first = story.orderId(1);
    story.fill({ clientOrderId: first, price: '100', quantity: '0.1' });
    story.fill({ fillId: 'f2', side: 'sell', price: '85', quantity: '0.1', cause: 'stop-loss' });
    story.close(BTC, candlesOf([99], START_MS + HISTORY_LENGTH * CANDLE_MS)[0]!);
    story.account();
    expect(story.timer('entry-pass')[0]).toMatch(/^entry: buy/);
    expect(story.order(first, 'cancelled')).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ state: 'entering' }]);
  });

  it('notes a fill of a stranger and changes nothing', () => {
    const story = holding();
    const before = story.engine.positions();
    expect(story.fill({ fillId: 's1', instrumentId: SOL, price: '20', quantity: '1' })).toEqual([
      'warning engine.fill.foreign SOLUSDT',
    ]);
    expect(story.fill({ fillId: 's2', side: 'buy', price: '100', quantity: '1' })).toEqual([
      'warning engine.fill.foreign BTCUSDT',
    ]);
    expect(story.engine.positions()).toEqual(before);
  });

  it('raises the alarm over a fill under our own name that fits no position', () => {
    const story = holding();
    const more = { fillId: 'f9', clientOrderId: story.orderId(1), price: '100', quantity: '0.1' };
    expect(story.fill(more)).toEqual(['critical engine.fill.unplaced BTCUSDT', 'ask fill-unplaced']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('refuses a candle after a hole, waits for the history and goes on', () => {
    const story = oversold();
    const gap = { openTimeMs: story.nowMs + CANDLE_MS, open: 99, high: 99, low: 99, close: 99, volume: 1 };
    expect(story.close(BTC, gap)).toEqual(['warning engine.candle.gap BTCUSDT']);
    expect(story.engine.scanRow(BTC)).toMatchObject({ blockers: ['filter.data.gap'], candleCount: 240 });
    expect(story.close(BTC, { ...gap, openTimeMs: gap.openTimeMs + CANDLE_MS })).toEqual([]);
  });
});
