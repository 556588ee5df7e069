import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, exchangePosition, holding, instrument, oversold, type Story } from './story.ts';

/** Lines about missing fills that 60 s of the protect timer lead to. */
function missing(story: Story): string[] {
  return Array.from({ length: 30 }, () => story.wait(2_000).timer('protect'))
    .flat()
    .filter((line) => line.includes('engine.fill.missing'));
}

describe('fills that do not come', () => {
  it('are told of once, 30 s after the exchange called their order filled', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'filled');
    story.account([exchangePosition()]);
    story.wait(29_999);
    expect(story.timer('protect')).not.toContain('critical engine.fill.missing BTCUSDT');
    story.wait(1);
    expect(story.timer('protect')).toContain('critical engine.fill.missing BTCUSDT');
    expect(missing(story)).toEqual([]);
    expect(story.engine.awaited().fills).toMatchObject([{ instrumentId: BTC }]);
  });

  it('are told of for an exit too', () => {
    const story = holding();
    story.command({ kind: 'close-position', instrumentId: BTC });
    story.order(story.orderId(2), 'filled');
    expect(missing(story)).toEqual(['critical engine.fill.missing BTCUSDT']);
  });

  it('are missed no more once they are there', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'filled');
    story.wait(10_000).fill({ clientOrderId: story.orderId(1), price: '100', quantity: '0.1' });
    expect(missing(story)).toEqual([]);
    expect(story.engine.awaited().fills).toEqual([]);
  });

  it('are not waited for where the exchange cut an exit to what there was to reduce', () => {
    const story = holding();
    story.command({ kind: 'close-position', instrumentId: BTC });
    const clientOrderId = story.orderId(2);
    story.fill({ fillId: 'f2', clientOrderId, side: 'sell', price: '100', quantity: '0.04' });
    const filled = { state: 'filled', filledQuantity: decimal('0.04') } as const;
    story.say({ kind: 'order-update', clientOrderId, instrumentId: BTC, code: '', detail: '', ...filled });
    expect(missing(story)).toEqual([]);
    // What is held all the same by our own fills is left by another exit.
    expect(story.engine.awaited().fills).toMatchObject([{ clientOrderId: story.orderId(3) }]);
  });

  it('are not missed of an order that is accepted and no more', () => {
    const story = oversold();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'accepted');
    expect(missing(story)).toEqual([]);
  });
});

describe('the rules of what is held', () => {
  it('survive a restart without the market, and an older state without them is read', () => {
    const story = holding();
    const trading = story.engine.tradingSnapshot();
    expect(trading.instruments.map(({ id }) => id)).toEqual([BTC]);
    const again = holding();
    again.engine.restore({ version: 1, trading, market: null });
    expect(again.engine.instrument(BTC)).toEqual(instrument(BTC));
    const { instruments: _, ...older } = trading;
    const parsed = parseEngineSnapshot({ version: 1, trading: older, market: null });
    expect(parsed?.trading.instruments).toEqual([]);
  });

  it('are let go with the position', () => {
    const story = holding();
    story.command({ kind: 'close-position', instrumentId: BTC });
    story.fill({
      fillId: 'f2',
      clientOrderId: story.orderId(2),
      side: 'sell',
      price: '100',
      quantity: '0.1',
    });
    expect(story.engine.tradingSnapshot().instruments).toEqual([]);
  });
});
