import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { LadderEnd } from '../../src/core/engine/ladder.ts';
import { deeds, fillRung, laddered, ladderOf, resting, rungStates, stated } from './ladder-story.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  exchangePosition,
  HISTORY_LENGTH,
  instrument,
  START_MS,
  Story,
  settings,
  waves,
} from './story.ts';

const NEVER_PLACED = { state: 'not-placed', code: '', detail: '' } as const;

/** Both resting orders are being taken back, and nothing else was done. */
function expectWithdrawn(story: Story, lines: readonly string[], end: LadderEnd): void {
  expect(deeds(lines)).toEqual(
    expect.arrayContaining([`cancel ${story.orderId(2)}`, `cancel ${story.orderId(3)}`]),
  );
  expect(ladderOf(story)?.ending).toBe(end);
  expect(rungStates(story)).toBe('filled cancelling cancelling');
}

function cancels(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('cancel'));
}

/** The candle after the story's last closes at `price`. */
function nextCandle(story: Story, price: number, count = 0): string[] {
  const [candle] = candlesOf([price], START_MS + (HISTORY_LENGTH + count) * CANDLE_MS);
  return story.close(BTC, candle!);
}

describe('what has not filled of a ladder is taken back', () => {
  it('when a closed candle shows an RSI outside the calm zone', () => {
    const story = resting();
    nextCandle(story, 100.5);
    expect(rungStates(story), 'RSI is still low').toBe('filled accepted accepted');
    expectWithdrawn(story, nextCandle(story, 112, 1), 'rsi-left');
    expect(story.engine.positions(), 'what has filled stays').toMatchObject([{ quantity: '0.25' }]);
  });

  it('when the RSI of a short falls out of its calm zone', () => {
    const story = new Story({
      risk: { positionNotionalUsdt: 100 },
      entry: { entryMethod: 'ladder', rungs: [{ offsetPct: 2, weight: 1 }] },
    });
    story.begin(instrument(BTC));
    story.command({ kind: 'enable-auto-bot' });
    story.candles(BTC, waves(HISTORY_LENGTH, 'peak'));
    story.account();
    // 2 % above the peak of 120.
    expect(deeds(story.timer('entry-pass'))[0]).toMatch(/^entry: sell 0\.816 BTCUSDT at 122\.4 stop 140\.7/);
    story.order(story.orderId(1), 'accepted');
    expect(deeds(nextCandle(story, 108))).toContain(`cancel ${story.orderId(1)}`);
    expect(ladderOf(story)?.ending).toBe('rsi-left');
  });

  it('never for an RSI that was outside from the beginning, as a person’s may be', () => {
    const story = new Story({
      risk: { positionNotionalUsdt: 100 },
      entry: { entryMethod: 'ladder', rungs: [{ offsetPct: 2, weight: 1 }] },
    });
    story.begin(instrument(BTC));
    story.candles(BTC, [...waves(HISTORY_LENGTH, 'trough'), 106, 110]);
    story.account();
    story.command({ kind: 'enter', instrumentId: BTC, direction: 'long', force: true });
    story.order(story.orderId(1), 'accepted');
    nextCandle(story, 112, 2);
    expect(rungStates(story)).toBe('accepted');
  });

  it('the moment its position is on its way out', () => {
    const story = resting();
    expectWithdrawn(story, story.command({ kind: 'close-position', instrumentId: BTC }), 'closing');
  });

  it('the moment a price reaches the stop', () => {
    const story = resting();
    const lines = story.price(BTC, 82.9);
    expect(lines[0]).toBe('stop-loss: sell 0.25 BTCUSDT reduce-only');
    expectWithdrawn(story, lines, 'closing');
  });

  it('when its position was closed at the exchange', () => {
    const story = resting();
    const lines = story.fill({
      fillId: 'x',
      side: 'sell',
      price: '150',
      quantity: '0.25',
      cause: 'take-profit',
    });
    expect(deeds(lines)).toEqual(
      expect.arrayContaining([`cancel ${story.orderId(2)}`, `cancel ${story.orderId(3)}`]),
    );
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.tradingSnapshot().ladders).toMatchObject([{ ending: 'position-over' }]);
    expect(story.engine.autoBot().slots.used, 'its orders may still fill').toBe(1);
    story.order(story.orderId(2), 'cancelled');
    story.order(story.orderId(3), 'cancelled');
    expect(story.engine.autoBot().slots.used).toBe(0);
    expect(story.engine.tradingSnapshot().ladders).toEqual([]);
  });

  it('when the exchange shows its position no more', () => {
    const story = resting();
    story.wait(3_000).account();
    expect(deeds(story.wait(3_000).confirm())).toEqual(
      expect.arrayContaining(['critical engine.position.gone BTCUSDT', `cancel ${story.orderId(2)}`]),
    );
  });

  it('when Auto Bot is turned off', () => {
    const story = resting();
    expectWithdrawn(story, story.command({ kind: 'disable-auto-bot' }), 'auto-bot-off');
  });

  it('not when Auto Bot is turned off and a person’s bot entered', () => {
    const story = new Story({
      risk: { positionNotionalUsdt: 100 },
      entry: { entryMethod: 'ladder', rungs: [{ offsetPct: 2, weight: 1 }] },
    });
    story.begin(instrument(BTC));
    story.command({ kind: 'create-bot', instrumentId: BTC, direction: null });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    story.timer('entry-pass');
    story.order(story.orderId(1), 'accepted');
    expect(deeds(story.command({ kind: 'disable-auto-bot' }))).toEqual(['info engine.command.accepted -']);
    expect(rungStates(story)).toBe('accepted');
  });

  it('when its bot is stopped', () => {
    const story = resting();
    expectWithdrawn(story, story.command({ kind: 'stop-bot', instrumentId: BTC }), 'bot-paused');
  });

  it('when its bot is deleted before anything has filled', () => {
    const story = laddered({ entry: { rungs: [{ offsetPct: 3, weight: 1 }] } });
    story.order(story.orderId(1), 'accepted');
    expect(deeds(story.command({ kind: 'delete-bot', instrumentId: BTC }))).toContain(
      `cancel ${story.orderId(1)}`,
    );
    story.order(story.orderId(1), 'cancelled');
    expect([story.engine.positions(), story.engine.bots()]).toEqual([[], []]);
  });

  it('when a person closes it before anything has filled', () => {
    const story = laddered({ entry: { rungs: [{ offsetPct: 3, weight: 1 }] } });
    story.order(story.orderId(1), 'accepted');
    expect(deeds(story.command({ kind: 'close-position', instrumentId: BTC }))).toContain(
      `cancel ${story.orderId(1)}`,
    );
    expect(ladderOf(story)?.ending).toBe('by-hand');
  });

  it('when the service is not ready for fifteen seconds, and not before', () => {
    const story = resting();
    story.say({ kind: 'entries-allowed', allowed: false, reason: 'reconciling' });
    expect(
      story
        .wait(14_999)
        .timer('protect')
        .filter((line) => line.startsWith('cancel')),
    ).toEqual([]);
    expectWithdrawn(story, story.wait(1).timer('protect'), 'not-ready');
  });

  it('never for short losses of readiness, however many', () => {
    const story = resting();
    for (let count = 0; count < 4; count += 1) {
      story.say({ kind: 'entries-allowed', allowed: false, reason: 'reconciling' });
      story.wait(10_000).say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
    }
    expect(rungStates(story)).toBe('filled accepted accepted');
  });

  it('at once when a person halts trading, and not by a process whose account another one has taken', () => {
    const story = resting();
    const lines = story.say({ kind: 'entries-allowed', allowed: false, reason: 'halted', halted: true });
    expectWithdrawn(story, lines, 'halted');
    const lost = resting();
    lost.say({ kind: 'entries-allowed', allowed: false, reason: 'h', halted: true, leaseLost: true });
    expect(rungStates(lost)).toBe('filled accepted accepted');
  });

  it('never by a process whose account another one has taken, whatever else ends it', () => {
    const story = resting();
    story.say({ kind: 'entries-allowed', allowed: false, reason: 'taken', leaseLost: true });
    expect(cancels(story.wait(20_000).timer('protect'))).toEqual([]);
    expect(deeds(story.command({ kind: 'disable-auto-bot' }))).toEqual(['info engine.command.accepted -']);
    expect(rungStates(story)).toBe('filled accepted accepted');
    expect(deeds(story.price(BTC, 82))).toContain('stop-loss: sell 0.25 BTCUSDT reduce-only');
  });

  it('not any more once it is learnt, even those it had begun to take back', () => {
    const story = resting();
    story.command({ kind: 'disable-auto-bot' });
    expect(rungStates(story)).toBe('filled cancelling cancelling');
    story.say({ kind: 'entries-allowed', allowed: false, reason: 'taken', leaseLost: true, final: true });
    expect(cancels(story.wait(20_000).timer('protect'))).toEqual([]);
    story.say({ kind: 'order-update', instrumentId: BTC, clientOrderId: story.orderId(2), ...NEVER_PLACED });
    expect(cancels(story.order(story.orderId(2), 'accepted'))).toEqual([]);
  });

  it('when the delisting of its instrument is announced', () => {
    const story = resting();
    const leaving = instrument(BTC, { deliveryTimeMs: story.nowMs + 30 * 86_400_000 });
    expectWithdrawn(story, story.say({ kind: 'instrument', instrument: leaving }), 'not-trading');
  });

  it('when the loss of the day has reached its limit', () => {
    const story = resting();
    story.account([], 9_700.01);
    expect(rungStates(story)).toBe('filled accepted accepted');
    expectWithdrawn(story, story.wait(1).account([], 9_700), 'daily-loss');
  });

  it('when its candles are over', () => {
    const story = resting({ entry: { rungsLifeCandles: 2 } });
    expect(ladderOf(story)?.expiresMs).toBe(START_MS + (HISTORY_LENGTH + 2) * CANDLE_MS);
    story.nowMs = START_MS + (HISTORY_LENGTH + 2) * CANDLE_MS - 1;
    expect(story.timer('protect').filter((line) => line.startsWith('cancel'))).toEqual([]);
    expectWithdrawn(story, story.wait(1).timer('protect'), 'expired');
  });

  it('when its minutes are over, if that is sooner', () => {
    const story = resting({ entry: { rungsLifeMinutes: 30 } });
    expectWithdrawn(story, story.wait(30 * 60_000).timer('protect'), 'expired');
  });

  it('when its stop was tightened: a rung that fills would loosen it again at the exchange', () => {
    const story = resting();
    expectWithdrawn(story, stated(story, '0.25', '90'), 'stop-moved');
    const other = resting();
    const tighter = settings({ ...other.engine.settings(), exit: { stopLossPct: 10 } });
    expectWithdrawn(other, other.command({ kind: 'configure', settings: tighter, version: 2 }), 'stop-moved');
  });

  it('when another life of the service finds rungs that were never sent', () => {
    const story = laddered();
    story.order(story.orderId(1), 'unknown');
    story.say({ kind: 'lease', accountId: 'demo', epoch: 2 });
    expect(rungStates(story)).toBe('unknown cancelled cancelled');
    story.order(story.orderId(1), 'accepted');
    fillRung(story, 1);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.25', ladder: null, stopPrice: '85' }]);
  });
});

describe('a rung that fills too late', () => {
  it('while its position is closing, is closed with it', () => {
    const story = resting();
    story.command({ kind: 'close-position', instrumentId: BTC });
    fillRung(story, 2);
    const exit = { clientOrderId: story.orderId(4), side: 'sell', price: '98', quantity: '0.25' } as const;
    story.fill({ fillId: 'out', ...exit });
    expect(story.price(BTC, 98)[0]).toBe('manual: sell 0.255 BTCUSDT reduce-only');
  });

  it('after its position is over, is closed at once', () => {
    const story = resting();
    story.fill({ fillId: 'x', side: 'sell', price: '150', quantity: '0.25', cause: 'take-profit' });
    const lines = deeds(fillRung(story, 2));
    expect(lines).toContain('late-fill: sell 0.255 BTCUSDT reduce-only');
    story.order(story.orderId(3), 'cancelled');
    const exit = { clientOrderId: story.orderId(4), side: 'sell', price: '98', quantity: '0.255' } as const;
    expect(story.fill({ fillId: 'out', ...exit })[0]).toBe(
      'closed long 0.255 BTCUSDT by late-fill: gross 0 fees 0',
    );
    expect(story.engine.autoBot().slots.used).toBe(0);
  });

  it('after its cancel was believed, is closed at once and what may be left of it is taken back', () => {
    const story = resting();
    story.fill({ fillId: 'x', side: 'sell', price: '150', quantity: '0.25', cause: 'take-profit' });
    story.order(story.orderId(2), 'cancelled');
    story.order(story.orderId(3), 'cancelled');
    const lines = fillRung(story, 2, { quantity: '0.1' });
    expect(lines).toEqual(
      expect.arrayContaining([
        'critical engine.order.surprise BTCUSDT',
        `cancel ${story.orderId(2)}`,
        'late-fill: sell 0.1 BTCUSDT reduce-only',
      ]),
    );
  });

  it('is protected meanwhile by the stop it carries', () => {
    const story = resting();
    story.fill({ fillId: 'x', side: 'sell', price: '150', quantity: '0.25', cause: 'take-profit' });
    fillRung(story, 2);
    expect(story.engine.positions()).toMatchObject([{ stopPrice: '82.9', closingReason: 'late-fill' }]);
    story.wait(3_000);
    const row = exchangePosition({ quantity: decimal('0.255'), stopPrice: null });
    expect(story.account([row])).toContain('amend long BTCUSDT: stop 82.9 profit 147');
  });
});
