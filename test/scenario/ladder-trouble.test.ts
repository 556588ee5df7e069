import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { deeds, fillRung, laddered, resting, rungStates } from './ladder-story.ts';
import { BTC, exchangePosition, type Story, settings } from './story.ts';

/** Two rungs rest, at 98 and at 96, and nothing has filled. */
function waiting(): Story {
  const rungs = [2, 4].map((offsetPct) => ({ offsetPct, weight: 1 }));
  const story = laddered({ entry: { rungs } });
  story.order(story.orderId(1), 'accepted');
  story.order(story.orderId(2), 'accepted');
  return story;
}

/** A long without levels, ten seconds later. */
function stranger(story: Story, quantity: string): string[] {
  const levels = { stopPrice: null, takeProfitPrice: null };
  return story.wait(10_000).account([exchangePosition({ ...levels, quantity: decimal(quantity) })]);
}

describe('a position of a person beside a ladder that rests', () => {
  it.each(['0.1', '50'])(
    'of %s is not touched, pauses the bot, and has what rests taken back',
    (quantity) => {
      const story = waiting();
      expect(stranger(story, quantity)).toEqual(['ask fills-missing']);
      expect(deeds(stranger(story, quantity))).toEqual([
        'warning engine.position.foreign BTCUSDT',
        'warning engine.bot.conflict BTCUSDT',
        `cancel ${story.orderId(1)}`,
        `cancel ${story.orderId(2)}`,
      ]);
      expect(deeds(stranger(story, quantity)), 'asks for no reading without end').not.toContain(
        'ask fills-missing',
      );
      for (const number of [1, 2]) story.order(story.orderId(number), 'cancelled');
      expect([story.engine.positions(), story.engine.foreignPositions().length]).toEqual([[], 1]);
    },
  );

  it('is not seen in a rung whose fill comes after the reading that shows it', () => {
    const story = waiting();
    expect(stranger(story, '0.51')).toEqual(['ask fills-missing']);
    story.wait(3_000);
    story.fill({ clientOrderId: story.orderId(1), price: '98', quantity: '0.51' });
    const seen = deeds(stranger(story, '0.51'));
    expect(seen).toContain('amend long BTCUSDT: stop 82.5 profit 147');
    expect(seen).not.toContain('warning engine.position.foreign BTCUSDT');
  });

  it('is told where more is held than all that rests may have filled', () => {
    const held = { stopPrice: decimal('82.9'), takeProfitPrice: decimal(150) };
    const reading = (story: Story, quantity: string): string[] =>
      deeds(story.wait(5_000).account([exchangePosition({ ...held, quantity: decimal(quantity) })]));
    expect(reading(resting(), '1.025')).toEqual([]);
    expect(reading(resting(), '1.026')).toContain('warning engine.position.drift BTCUSDT');
  });
});

it('a ladder ends when its position is in doubt: nothing is added to what may be gone', () => {
  const story = resting();
  expect(deeds(story.wait(3_000).account())).toEqual(['ask position-absent']);
  const seen = story.wait(3_000).account();
  expect(seen).toContain(`cancel ${story.orderId(2)}`);
  expect(story.engine.positions()[0]).toMatchObject({
    quantity: '0.25',
    ladder: { ending: 'position-doubtful' },
  });
});

describe('an order of a ladder', () => {
  it('that fills although a person had closed what had not filled is closed', () => {
    const story = laddered();
    story.command({ kind: 'close-position', instrumentId: BTC });
    expect(deeds(fillRung(story, 1, { quantity: '0.1' }))).toContain('manual: sell 0.1 BTCUSDT reduce-only');
    expect(deeds(fillRung(story, 1, { quantity: '0.15', fillId: 'f1b' }))).not.toContain(
      'manual: sell 0.15 BTCUSDT reduce-only',
    );
    story.fill({
      fillId: 'x',
      clientOrderId: story.orderId(2),
      side: 'sell',
      price: '100',
      quantity: '0.1',
    });
    expect(deeds(story.timer('protect'))).toContain('manual: sell 0.15 BTCUSDT reduce-only');
  });

  it('that was given up for nobody found it, and rests all the same, is taken back', () => {
    const story = resting();
    story.order(story.orderId(2), 'cancelled');
    story.order(story.orderId(3), 'not-placed');
    expect(rungStates(story)).toBeNull();
    const cancel = `cancel ${story.orderId(3)}`;
    const lines = story.order(story.orderId(3), 'accepted');
    expect(lines[0]).toBe(cancel);
    expect(lines).toContain('critical engine.order.surprise BTCUSDT');
    story.wait(11_000);
    expect(story.timer('protect'), 'until its end is known').toContain(cancel);
    story.wait(2_000);
    expect(story.timer('protect'), 'after a pause that grows').not.toContain(cancel);
    story.wait(2_000);
    expect(story.timer('protect')).toContain(cancel);
    story.order(story.orderId(3), 'cancelled');
    story.wait(11_000);
    expect(story.timer('protect').filter((line) => line.startsWith('cancel'))).toEqual([]);
  });

  it('that was taken and is found nowhere is taken back all the same: lists may be wrong', () => {
    const story = resting();
    expect(deeds(story.order(story.orderId(3), 'not-placed'))).toContain(`cancel ${story.orderId(3)}`);
    const unsent = laddered();
    expect(deeds(unsent.order(unsent.orderId(1), 'not-placed')).join()).not.toContain('cancel');
  });

  it('is stored, read and stored again byte for byte', () => {
    const { engine } = resting();
    const again = new Engine({ settings: settings(), settingsVersion: 1 });
    again.restore(engine.snapshot());
    expect(JSON.stringify(again.tradingSnapshot().ladders)).toBe(
      JSON.stringify(engine.tradingSnapshot().ladders),
    );
  });
});

describe('a first rung whose fill is told after that of the second', () => {
  it('began the position: what reduced it between the two is its own', () => {
    const story = laddered();
    story.order(story.orderId(1), 'accepted');
    story.order(story.orderId(2), 'accepted');
    const firstMs = story.wait(1_000).nowMs;
    story.wait(1_000);
    story.fill({ fillId: 'f2', clientOrderId: story.orderId(2), price: '98', quantity: '0.255' });
    story.fill({
      fillId: 'f1',
      clientOrderId: story.orderId(1),
      price: '100',
      quantity: '0.25',
      timeMs: firstMs,
    });
    story.fill({ fillId: 's1', side: 'sell', price: '97', quantity: '0.25', timeMs: firstMs + 500 });
    expect(story.engine.positions()[0]?.quantity).toBe('0.255');
  });
});
