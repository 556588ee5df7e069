import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, ETH, exchangePosition, instrument, oversold, Story } from './story.ts';

const PARTS = [
  { profitPct: 10, sharePct: 50 },
  { profitPct: 20, sharePct: 25 },
];

/** A long of 1 at 100 that is to be sold in parts. */
function holdingParts(parts: readonly unknown[] = PARTS, notionalUsdt = 100): Story {
  const story = oversold({
    risk: { positionNotionalUsdt: notionalUsdt },
    exit: { partialTakeProfits: parts, breakEvenTriggerPct: null, trailingActivationPct: null },
  });
  story.timer('entry-pass');
  const quantity = String(notionalUsdt / 100);
  story.fill({ clientOrderId: story.orderId(1), price: '100', quantity });
  story.order(story.orderId(1), 'filled');
  return story;
}

/** The fill of order `number` over all of `quantity`. */
function sold(story: Story, number: number, quantity: string, price = '110'): string[] {
  const clientOrderId = story.orderId(number);
  return story.fill({ fillId: `f${number}`, clientOrderId, side: 'sell', price, quantity });
}

describe('partial take-profits', () => {
  it('take off a share each, once, and leave the rest guarded', () => {
    const story = holdingParts();
    expect(story.price(BTC, 109.9)).toEqual([]);
    expect(story.price(BTC, 110)).toEqual([
      'partial-take-profit: sell 0.5 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
    expect(story.price(BTC, 125), 'one order at a time').toEqual([]);
    expect(sold(story, 2, '0.5')).toEqual(['info engine.position.reduced BTCUSDT']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.5', state: 'open' }]);
    expect(story.price(BTC, 115)).toEqual([]);
    expect(story.price(BTC, 120)[0]).toBe('partial-take-profit: sell 0.25 BTCUSDT reduce-only');
    sold(story, 3, '0.25', '120');
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.25 BTCUSDT reduce-only');
    // 10 x 0.5 + 20 x 0.25 - 15 x 0.25
    expect(sold(story, 4, '0.25', '85')[0]).toBe('closed long 1 BTCUSDT by stop-loss: gross 6.25 fees 0');
  });

  it('keep the stop of the whole position where it is', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    sold(story, 2, '0.5');
    story.wait(5_000);
    expect(story.account([exchangePosition({ quantity: decimal('0.5') })])).toEqual([]);
  });

  it('leave to an order on its way what it is about to sell when all is to be sold', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.5 BTCUSDT reduce-only');
    sold(story, 3, '0.5', '85');
    expect(sold(story, 2, '0.5')[0], 'the part comes last').toMatch(/^info engine.position.reduced/);
    expect(story.engine.positions()).toEqual([]);
  });

  it('that failed leave the rest to the exit that was ordered meanwhile', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    story.price(BTC, 85);
    sold(story, 3, '0.5', '85');
    expect(story.price(BTC, 85), 'the part may still fill').toEqual([]);
    story.order(story.orderId(2), 'rejected', '110017');
    expect(story.wait(1_000).price(BTC, 85)[0]).toBe('stop-loss: sell 0.5 BTCUSDT reduce-only');
  });

  it('are tried three times while the price stands there, and given up', () => {
    const story = holdingParts([{ profitPct: 10, sharePct: 50 }]);
    const order = 'partial-take-profit: sell 0.5 BTCUSDT reduce-only';
    expect(story.price(BTC, 110)[0]).toBe(order);
    expect(story.order(story.orderId(2), 'rejected', '10001')).toEqual([
      'warning engine.exit.failed BTCUSDT',
    ]);
    expect(story.price(BTC, 110)).toEqual([]);
    expect(story.wait(1_000).price(BTC, 109), 'not below its level').toEqual([]);
    expect(story.price(BTC, 110)[0]).toBe(order);
    story.order(story.orderId(3), 'rejected', '10001');
    expect(story.wait(2_000).price(BTC, 110)[0]).toBe(order);
    story.order(story.orderId(4), 'rejected', '10001');
    expect(story.wait(60_000).price(BTC, 110)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '1', state: 'open' }]);
  });

  it('that filled in part are done with', () => {
    const story = holdingParts([{ profitPct: 10, sharePct: 50 }]);
    story.price(BTC, 110);
    sold(story, 2, '0.2');
    expect(story.order(story.orderId(2), 'cancelled', 'IOC')).toEqual(['warning engine.exit.failed BTCUSDT']);
    expect(story.wait(60_000).price(BTC, 120)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.8' }]);
  });

  it('are left out with the numbers when the exchange would not take them', () => {
    const story = holdingParts([{ profitPct: 10, sharePct: 50 }]);
    // The smallest order has grown since the entry.
    story.say({ kind: 'instrument', instrument: instrument(BTC, { notionalMin: decimal(60) }) });
    expect(story.price(BTC, 110)).toEqual(['explain BTCUSDT hold exit.partial.skipped exit.partial.skipped']);
    expect(story.price(BTC, 111)).toEqual([]);
  });

  it('make an entry too small for them impossible', () => {
    const story = oversold({ exit: { partialTakeProfits: [{ profitPct: 10, sharePct: 20 }] } });
    // A fifth of 10 USDT at 110 is 2.2 USDT, and 5 is the smallest order.
    expect(story.timer('entry-pass')).toEqual([
      'explain BTCUSDT refused #1 of 5 free risk.size.partial-below-minimum',
    ]);
  });

  it('that make up the whole close the position', () => {
    const story = holdingParts([{ profitPct: 10, sharePct: 100 }]);
    expect(story.price(BTC, 110)[0]).toBe('partial-take-profit: sell 1 BTCUSDT reduce-only');
    expect(story.engine.positions()).toMatchObject([{ state: 'closing' }]);
    expect(sold(story, 2, '1')[0]).toBe('closed long 1 BTCUSDT by partial-take-profit: gross 10 fees 0');
  });

  it('wait while the bot is paused', () => {
    const story = holdingParts();
    story.command({ kind: 'stop-bot', instrumentId: BTC });
    expect(story.price(BTC, 125)).toEqual([]);
  });

  it('are not ordered again after a restart', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    const stored = parseEngineSnapshot(
      JSON.parse(JSON.stringify({ ...story.engine.snapshot(), market: null })),
    );
    const next = new Story();
    next.engine.restore(stored!);
    next.nowMs = story.nowMs + 5_000;
    next.say({ kind: 'lease', accountId: 'demo', epoch: 2 });
    next.say({ kind: 'instrument', instrument: instrument(BTC) });
    next.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
    expect(next.price(BTC, 112)).toEqual([]);
    const part = { clientOrderId: story.orderId(2), side: 'sell', price: '110', quantity: '0.5' } as const;
    expect(next.fill({ ...part, fillId: 'f2' })).toEqual(['info engine.position.reduced BTCUSDT']);
    expect(next.price(BTC, 112)).toEqual([]);
    expect(next.price(BTC, 120)[0]).toBe('partial-take-profit: sell 0.25 BTCUSDT reduce-only');
  });

  it('that filled without the state knowing of their order are not taken again', () => {
    const story = holdingParts();
    const sale = { clientOrderId: null, side: 'sell', price: '110', quantity: '0.5' } as const;
    // An order that died with its process before the state was saved: only its fill is known.
    story.fill({ ...sale, fillId: 'f2' });
    expect(story.price(BTC, 111)).toEqual(['explain BTCUSDT hold exit.partial.skipped exit.partial.skipped']);
    expect(story.price(BTC, 120)[0]).toBe('partial-take-profit: sell 0.25 BTCUSDT reduce-only');
  });

  it('whose fills come after their end take only what is left of them', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    story.order(story.orderId(2), 'cancelled', 'IOC');
    sold(story, 2, '0.2');
    expect(story.wait(1_000).price(BTC, 110)[0]).toBe('partial-take-profit: sell 0.3 BTCUSDT reduce-only');
  });

  it('moved to another level after they were taken are not taken again', () => {
    const story = holdingParts([{ profitPct: 10, sharePct: 50 }]);
    story.price(BTC, 110);
    sold(story, 2, '0.5');
    const { exit, ...others } = story.engine.settings();
    const moved = { ...exit, partialTakeProfits: [{ profitPct: 12, sharePct: 50 }] };
    story.command({ kind: 'configure', settings: { ...others, exit: moved }, version: 2 });
    expect(story.price(BTC, 113)).toEqual(['explain BTCUSDT hold exit.partial.skipped exit.partial.skipped']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.5', state: 'open' }]);
  });

  it('wait until the service is ready: what an earlier process sold may not be known yet', () => {
    const story = holdingParts();
    story.say({ kind: 'entries-allowed', allowed: false, reason: 'The account has not been read.' });
    expect(story.price(BTC, 110)).toEqual([]);
    story.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
    expect(story.price(BTC, 110)[0]).toBe('partial-take-profit: sell 0.5 BTCUSDT reduce-only');
  });

  it('on their way over all that is held do not make a close by hand forgotten', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    story.fill({ fillId: 'x', side: 'sell', price: '110', quantity: '0.5' });
    story.command({ kind: 'close-position', instrumentId: BTC });
    expect(story.engine.positions()).toMatchObject([{ state: 'closing', quantity: '0.5' }]);
    expect(story.wait(1_000).price(BTC, 110), 'the part may still fill').toEqual([]);
    story.order(story.orderId(2), 'rejected', '10001');
    expect(story.wait(1_000).price(BTC, 105)[0]).toBe('manual: sell 0.5 BTCUSDT reduce-only');
  });

  it('are booked once however often their fill is told, even when its id is forgotten', () => {
    const story = holdingParts();
    story.price(BTC, 110);
    sold(story, 2, '0.5');
    // More fills of others than ids are kept.
    for (let count = 0; count < 600; count += 1) {
      story.fill({ fillId: `other${count}`, instrumentId: ETH, side: 'buy', price: '1', quantity: '1' });
    }
    expect(sold(story, 2, '0.5')).toEqual(['critical engine.fill.unplaced BTCUSDT', 'ask fill-unplaced']);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.5', state: 'open' }]);
  });
});
