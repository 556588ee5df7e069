import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { deeds, fillRung, laddered, ladderOf, merged, resting, rungStates, stated } from './ladder-story.ts';
import { BTC, oversold } from './story.ts';

describe('a ladder', () => {
  it('leaves one order after the other, each with the stop of the whole and the profit of all before it', () => {
    const story = oversold(merged({}));
    expect(deeds(story.timer('entry-pass'))).toEqual([
      'entry: buy 0.25 BTCUSDT stop 82.9 profit 150 leverage 1',
      'explain BTCUSDT ordered #1 of 5 free',
    ]);
    expect(rungStates(story)).toBe('sent planned planned');
    expect(deeds(story.order(story.orderId(1), 'accepted'))).toEqual([
      'entry: buy 0.255 BTCUSDT at 98 stop 82.9 profit 148.4 leverage 1',
    ]);
    expect(deeds(story.order(story.orderId(2), 'accepted'))).toEqual([
      'entry: buy 0.52 BTCUSDT at 96 stop 82.9 profit 146.2 leverage 1',
    ]);
    expect(deeds(story.order(story.orderId(3), 'accepted'))).toEqual([]);
    expect(rungStates(story)).toBe('accepted accepted accepted');
  });

  it('follows its fills with average price and take-profit, and never with the stop', () => {
    const story = resting();
    expect(deeds(stated(story, '0.25'))).toEqual([]);
    fillRung(story, 2);
    expect(story.engine.positions()).toMatchObject([
      { quantity: '0.505', entryPrice: '98.9900990099', stopPrice: '82.9', takeProfitPrice: '148.4' },
    ]);
    expect(rungStates(story)).toBe('filled filled accepted');
    expect(deeds(fillRung(story, 3))).toEqual(['info engine.position.increased BTCUSDT', 'ask entry-filled']);
    expect(story.engine.positions()).toMatchObject([
      { quantity: '1.025', entryPrice: '97.4731707317', stopPrice: '82.9', ladder: null },
    ]);
  });

  it('ends with a stop at the settings’ distance from what has really been entered', () => {
    const story = resting();
    story.command({ kind: 'disable-auto-bot' });
    expect(rungStates(story)).toBe('filled cancelling cancelling');
    story.order(story.orderId(2), 'cancelled');
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '82.9' }]);
    story.order(story.orderId(3), 'cancelled');
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.25', stopPrice: '85', ladder: null }]);
    expect(stated(story, '0.25')).toContain('amend long BTCUSDT: stop 85 profit kept');
  });

  it('frees its slot and its bot when nothing of it has filled', () => {
    const story = laddered({ entry: { rungs: [{ offsetPct: 3, weight: 1 }] } });
    story.order(story.orderId(1), 'accepted');
    story.command({ kind: 'disable-auto-bot' });
    expect(story.engine.positions()).toHaveLength(1);
    story.order(story.orderId(1), 'cancelled');
    expect([story.engine.positions(), story.engine.bots(), story.engine.autoBot().slots.used]).toEqual([
      [],
      [],
      0,
    ]);
  });

  it('is a whole from the beginning: one slot, and all of its value', () => {
    const story = laddered();
    expect(story.engine.autoBot().slots.used).toBe(1);
    expect(story.engine.accountAtClose().exposure).toBeCloseTo(0.25 * 100 + 0.255 * 100 + 0.52 * 100, 9);
  });

  it.each([
    ['exposure', { exposurePctMax: 1, positionNotionalUsdt: 101 }, 'risk.limit.exposure'],
    ['the smallest order', { positionNotionalUsdt: 19 }, 'risk.size.below-notional-min'],
    ['liquidation', { leverage: 5 }, 'risk.stop.beyond-liquidation'],
  ])('that does not fit is refused by %s with its numbers', (_what, risk, code) => {
    const story = oversold(merged({ risk }));
    expect(story.timer('entry-pass')).toEqual([`explain BTCUSDT refused #1 of 5 free ${code}`]);
    expect(story.engine.positions()).toEqual([]);
  });

  it('plans no part that could not be taken off with its first rung alone', () => {
    const exit = { partialTakeProfits: [{ profitPct: 10, sharePct: 10 }] };
    const story = oversold(merged({ exit }));
    expect(story.timer('entry-pass')).toEqual([
      'explain BTCUSDT refused #1 of 5 free risk.size.partial-below-minimum',
    ]);
  });

  it('holds back what follows while it is not known whether a rung exists', () => {
    const story = laddered();
    story.order(story.orderId(1), 'unknown');
    expect(rungStates(story)).toBe('unknown planned planned');
    expect(deeds(story.wait(1_000).timer('protect'))).toEqual([]);
    expect(deeds(story.order(story.orderId(1), 'accepted'))).toContain(
      'entry: buy 0.255 BTCUSDT at 98 stop 82.9 profit 148.4 leverage 1',
    );
  });

  it('sends nothing more after a rung that was refused', () => {
    const story = laddered();
    expect(deeds(story.order(story.orderId(1), 'rejected', '110007'))).toEqual([
      'warning engine.ladder.rung BTCUSDT',
    ]);
    expect(story.engine.positions()).toEqual([]);
    expect(story.wait(60_000).timer('entry-pass')).toEqual([
      'explain BTCUSDT vetoed engine.entry.attempted filter.cool-down.waiting',
    ]);
  });

  it('takes a cancel that lost against a fill for a fill', () => {
    const story = resting();
    story.command({ kind: 'disable-auto-bot' });
    fillRung(story, 2);
    expect(rungStates(story)).toBe('filled filled cancelling');
    story.order(story.orderId(2), 'cancelled');
    expect(rungStates(story)).toBe('filled filled cancelling');
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.505' }]);
  });

  it('waits for the fills of a rung that was taken back after a part of it', () => {
    const story = resting();
    story.command({ kind: 'disable-auto-bot' });
    story.order(story.orderId(3), 'cancelled');
    const part = { filledQuantity: decimal('0.1'), code: '', detail: '' } as const;
    const word = { kind: 'order-update', clientOrderId: story.orderId(2), instrumentId: BTC } as const;
    story.say({ ...word, ...part, state: 'cancelled' });
    expect(rungStates(story), 'its fill is not told yet').toBe('filled cancelled cancelled');
    fillRung(story, 2, { quantity: '0.1' });
    expect(ladderOf(story)).toBeNull();
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.35' }]);
  });

  it('asks again for a cancel that leads to no end, and for what became of the order', () => {
    const story = resting();
    story.command({ kind: 'disable-auto-bot' });
    expect(deeds(story.wait(4_999).timer('protect'))).toEqual(['ask stop-not-confirmed']);
    const [second, third] = [story.orderId(2), story.orderId(3)];
    expect(deeds(story.wait(1).timer('protect'))).toEqual([
      'ask stop-not-confirmed',
      'look up BTCUSDT',
      `cancel ${second}`,
      'look up BTCUSDT',
      `cancel ${third}`,
    ]);
  });

  it('is not begun by hand on a paused bot, which would take it back at once; an order alone is', () => {
    const enter = { kind: 'enter', instrumentId: BTC, direction: 'long', force: true } as const;
    const paused = (changes = {}) => {
      const story = oversold(merged(changes));
      story.command({ kind: 'create-bot', instrumentId: BTC, direction: null });
      story.command({ kind: 'stop-bot', instrumentId: BTC });
      return story;
    };
    const [story, single] = [paused(), paused({ entry: { entryMethod: 'market' } })];
    expect(story.command(enter)).toEqual(['warning engine.command.refused BTCUSDT']);
    expect(single.command(enter)).toContainEqual(expect.stringMatching(/^entry: buy/));
    story.command({ kind: 'start-bot', instrumentId: BTC });
    expect(story.command(enter)).toContainEqual(expect.stringMatching(/^entry: buy/));
  });

  it('is unknown to states stored before there were any, which are read all the same', () => {
    const { ladders: _, ...trading } = resting().engine.tradingSnapshot();
    const orders = trading.orders.map(({ ladderId: _id, limitPrice: _price, ...order }) => order);
    const stored: unknown = { version: 1, trading: { ...trading, orders }, market: null };
    expect(parseEngineSnapshot(stored)?.trading).toMatchObject({
      ladders: [],
      orders: [{ ladderId: null, limitPrice: null }, {}, {}],
    });
  });

  it('is looked up now and then while it rests in silence', () => {
    const story = resting();
    expect(story.wait(59_999).timer('protect')).not.toContain('look up BTCUSDT');
    expect(
      story
        .wait(1)
        .timer('protect')
        .filter((line) => line === 'look up BTCUSDT'),
    ).toHaveLength(2);
  });
});
