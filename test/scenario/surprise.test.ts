import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, CANDLE_MS, exchangePosition, oversold, type Story, settings } from './story.ts';

const DAY_MS = 86_400_000;
const SURPRISE = 'critical engine.order.surprise BTCUSDT';
const DENIALS = ['not-placed', 'rejected', 'cancelled'] as const;

function denied(state: (typeof DENIALS)[number]): Story {
  const story = oversold();
  story.timer('entry-pass');
  story.order(story.orderId(1), state);
  expect(story.engine.positions()).toEqual([]);
  return story;
}

/** Another entry by hand, under the next name. */
function enter(story: Story, direction: 'long' | 'short'): string[] {
  return story.command({ kind: 'enter', instrumentId: BTC, direction, force: true });
}

describe('an order that was denied and exists', () => {
  it.each(DENIALS)('is ours again when it fills after it was %s', (state) => {
    const story = denied(state);
    const lines = story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    expect(lines.slice(0, 3)).toEqual([SURPRISE, 'look up BTCUSDT', 'ask order-surprise']);
    expect(story.engine.positions()).toMatchObject([{ direction: 'long', quantity: '0.1', stopPrice: '85' }]);
    expect(story.engine.unaccounted().surprises).toEqual({ count: 1, lastMs: story.nowMs });
    expect(story.wait(1_000).account([exchangePosition({ stopPrice: null })])).toContain(
      'amend long BTCUSDT: stop 85 profit kept',
    );
  });

  it('is told once, however many fills it comes in', () => {
    const story = denied('not-placed');
    const id = story.orderId(1);
    story.fill({ clientOrderId: id, price: '100', quantity: '0.04' });
    expect(story.fill({ fillId: 'f2', clientOrderId: id, price: '100', quantity: '0.06' })).not.toContain(
      SURPRISE,
    );
    expect(story.order(id, 'filled')).not.toContain(SURPRISE);
    expect(story.engine.unaccounted().surprises.count).toBe(1);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('is waited for when its word comes before its fills', () => {
    const story = denied('not-placed');
    expect(story.order(story.orderId(1), 'filled')[0]).toBe(SURPRISE);
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
    expect(story.engine.unaccounted().surprises.count).toBe(1);
  });

  it('joins the position that was entered anew in its direction', () => {
    const story = denied('not-placed');
    enter(story, 'long');
    story.fill({ clientOrderId: story.orderId(2), price: '100', quantity: '0.1' });
    const lines = story.fill({
      fillId: 'f2',
      clientOrderId: story.orderId(1),
      price: '100',
      quantity: '0.1',
    });
    expect(lines).toContain(SURPRISE);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.2', stopPrice: '85' }]);
  });

  it('reduces the position that was entered anew against it, as the exchange does', () => {
    const story = denied('not-placed');
    enter(story, 'short');
    const [short] = story.engine.tradingSnapshot().orders.slice(-1);
    const quantity = short?.quantity ?? '';
    story.fill({ clientOrderId: story.orderId(2), side: 'sell', price: '100', quantity });
    story.fill({ fillId: 'f2', clientOrderId: story.orderId(1), price: '100', quantity: '0.04' });
    const left = decimal(quantity).minus('0.04').toFixed();
    expect(story.engine.positions()).toMatchObject([{ direction: 'short', quantity: left }]);
    expect(story.engine.unaccounted().surprises.count).toBe(1);
  });

  it.each([[['cancelled']], [['accepted', 'cancelled']], [['accepted', 'not-placed']]] as const)(
    'leaves the position that was entered anew alone when it is said to be %j',
    (words) => {
      for (const filled of [true, false]) {
        const story = denied('rejected');
        enter(story, 'long');
        if (filled) story.fill({ clientOrderId: story.orderId(2), price: '100', quantity: '0.1' });
        const before = story.engine.positions();
        for (const word of words) story.order(story.orderId(1), word);
        expect(story.engine.positions()).toEqual(before);
        expect(story.engine.unaccounted().surprises.count).toBe(1);
      }
    },
  );

  it('keeps every entry on its instrument back for a day, whoever asks', () => {
    const story = denied('not-placed');
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    story.order(story.orderId(1), 'filled');
    const sinceMs = story.nowMs;
    story.fill({ fillId: 'f2', side: 'sell', price: '100', quantity: '0.1' });
    expect(story.engine.positions()).toEqual([]);
    for (const direction of ['long', 'short'] as const)
      expect(enter(story, direction)).toEqual(['warning engine.command.refused BTCUSDT']);
    story.wait(sinceMs + DAY_MS - 1 - story.nowMs);
    expect(story.timer('protect')).not.toContain('info engine.instrument.unfrozen BTCUSDT');
    story.wait(1);
    expect(story.timer('protect')).toContain('info engine.instrument.unfrozen BTCUSDT');
    expect(story.engine.unaccounted()).toMatchObject({ surprises: { count: 1 }, frozen: [] });
  });

  it('keeps Auto Bot back and says why', () => {
    const story = denied('rejected');
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    story.fill({ fillId: 'f2', side: 'sell', price: '100', quantity: '0.1' });
    story.wait(CANDLE_MS);
    expect(story.engine.explain(BTC, story.nowMs)?.refusal).toMatchObject({ code: 'engine.entry.frozen' });
  });

  it('is stored with its freeze and read again', () => {
    const story = denied('not-placed');
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    const again = new Engine({ settings: settings(), settingsVersion: 1 });
    again.restore(story.engine.snapshot());
    expect(again.unaccounted()).toEqual(story.engine.unaccounted());
    expect(JSON.stringify(again.tradingSnapshot().surprises)).toBe(
      JSON.stringify(story.engine.tradingSnapshot().surprises),
    );
  });
});

describe('what keeps entries back on an instrument', () => {
  it('is an order of which it is not known whether it exists, since when and until its word', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.wait(1_000);
    story.order(story.orderId(1), 'unknown');
    const since = { instrumentId: BTC, why: 'order-unknown', sinceMs: story.nowMs, untilMs: null };
    expect(story.engine.unaccounted().frozen).toMatchObject([since]);
    expect(story.engine.explain(BTC, story.nowMs)?.refusal?.code).toBe('engine.entry.frozen');
    const unfreeze = { kind: 'unfreeze-instrument', instrumentId: BTC } as const;
    expect(story.command(unfreeze), 'only its word ends it').toEqual([
      'warning engine.command.refused BTCUSDT',
    ]);
    story.order(story.orderId(1), 'not-placed');
    expect(story.engine.unaccounted().frozen).toEqual([]);
  });

  it('is no order that a word has told of already: an answer that is lost later says nothing', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'accepted');
    expect(story.order(story.orderId(1), 'unknown')).toEqual([]);
    expect(story.engine.unaccounted().frozen).toEqual([]);
  });
});

describe('an entry that ends before all of it has filled', () => {
  it('waits for the fills the exchange counts, and is no surprise when they come', () => {
    const story = oversold();
    story.timer('entry-pass');
    const word = { clientOrderId: story.orderId(1), instrumentId: BTC, code: '', detail: '' };
    story.say({ kind: 'order-update', ...word, state: 'cancelled', filledQuantity: decimal('0.04') });
    expect(story.engine.positions()).toMatchObject([{ state: 'entering' }]);
    story.fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.04' });
    expect(story.engine.positions()).toMatchObject([{ state: 'open', quantity: '0.04' }]);
    expect(story.engine.unaccounted().surprises.count).toBe(0);
  });
});

describe('a state from before words were kept apart', () => {
  it('is read: what had ended was given up', () => {
    const story = denied('rejected');
    const stored = JSON.parse(JSON.stringify(story.engine.snapshot()));
    stored.trading.orders[0].state = 'ended';
    delete stored.trading.orders[0].unknownMs;
    delete stored.trading.surprises;
    const read = parseEngineSnapshot(stored);
    expect(read?.trading.orders).toMatchObject([{ state: 'given-up', unknownMs: null }]);
    expect(read?.trading.surprises).toEqual({ count: 0, lastMs: null, freezes: [] });
  });
});
