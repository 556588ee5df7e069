import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  HISTORY_LENGTH,
  holding,
  instrument,
  oversold,
  QUIET_QUOTE,
  SOL,
  START_MS,
  Story,
  waves,
} from './story.ts';

const OPENED = ['info engine.position.opened BTCUSDT', 'ask entry-filled'];

describe('entry and exit', () => {
  it('enters an oversold instrument with its stop and leaves when RSI has come back', () => {
    const story = oversold();
    expect(story.timer('entry-pass')).toEqual([
      'entry: buy 0.1 BTCUSDT stop 85 profit 150 leverage 1',
      'explain BTCUSDT ordered #1 of 5 free',
    ]);
    expect(story.order(story.orderId(1), 'accepted')).toEqual([]);
    const entry = { clientOrderId: story.orderId(1), price: '100', quantity: '0.1', fee: '0.0055' };
    expect(story.fill(entry)).toEqual(OPENED);
    expect(story.order(story.orderId(1), 'filled')).toEqual([]);
    expect(story.account([])).toEqual([]);

    // Ten candles up by 1 lift the share of gains to 1 - 0.815 (13/14)^10 = 0.612; nine leave it at 0.582.
    const rising = candlesOf(
      Array.from({ length: 10 }, (_, index) => 101 + index),
      START_MS + HISTORY_LENGTH * CANDLE_MS,
    );
    const last = rising.at(-1)!;
    // The first of them leaves it at 0.243, which still reads as a signal.
    expect(story.close(BTC, rising[0]!)).toEqual(['explain BTCUSDT hold engine.entry.occupied']);
    for (const candle of rising.slice(1, -1)) expect(story.close(BTC, candle)).toEqual([]);
    expect(story.close(BTC, last)).toEqual([
      'rsi-exit: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
    expect(story.engine.bots()).toMatchObject([{ status: 'closing', origin: 'auto' }]);

    const exit = { clientOrderId: story.orderId(2), side: 'sell', price: '110', quantity: '0.1' } as const;
    expect(story.fill({ ...exit, fillId: 'f2', fee: '0.00605' })).toEqual([
      'closed long 0.1 BTCUSDT by rsi-exit: gross 1 fees 0.01155',
      'info engine.position.closed BTCUSDT',
    ]);
    expect(story.engine.positions()).toEqual([]);
    expect(story.engine.bots()).toEqual([]);
  });

  it('stops a position on the tick that reaches its stop', () => {
    const story = holding();
    expect(story.price(BTC, 85.1)).toEqual([]);
    expect(story.price(BTC, 85)).toEqual([
      'stop-loss: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
    expect(story.price(BTC, 84)).toEqual([]);
    const exit = { clientOrderId: story.orderId(2), side: 'sell', price: '84', quantity: '0.1' } as const;
    expect(story.fill({ ...exit, fillId: 'f2' })).toEqual([
      'closed long 0.1 BTCUSDT by stop-loss: gross -1.6 fees 0.0055',
      'info engine.position.closed BTCUSDT',
    ]);
  });

  it('takes profit on the tick that reaches it', () => {
    const story = holding({ exit: { trailingActivationPct: null, breakEvenTriggerPct: null } });
    expect(story.price(BTC, 149.9)).toEqual([]);
    expect(story.price(BTC, 150)).toEqual([
      'take-profit: sell 0.1 BTCUSDT reduce-only',
      'explain BTCUSDT exit-ordered',
    ]);
  });

  it('lets a wick of the last price alone end nothing', () => {
    const story = holding();
    const wick = { ...QUIET_QUOTE, instrumentId: BTC, lastPrice: 60, markPrice: 99, turnover24h: 1 };
    expect(story.say(wick)).toEqual([]);
  });

  it('enters an overbought instrument short, with stop and profit mirrored', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    story.command({ kind: 'enable-auto-bot' });
    expect(story.candles(BTC, waves(HISTORY_LENGTH, 'peak'))).toEqual(['explain BTCUSDT candidate']);
    story.account();
    // 10 USDT at 120 is 0.0833, floored to 0.083; the stop 15 % up is 138, the profit 50 % down is 60.
    expect(story.timer('entry-pass')).toEqual([
      'entry: sell 0.083 BTCUSDT stop 138 profit 60 leverage 1',
      'explain BTCUSDT ordered #1 of 5 free',
    ]);
  });

  it('builds a position from two partial fills and moves the stop to their average', () => {
    const story = oversold();
    story.timer('entry-pass');
    const id = story.orderId(1);
    expect(
      story.fill({ clientOrderId: id, fillId: 'a', price: '100', quantity: '0.04', fee: '0.002' }),
    ).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ state: 'open', quantity: '0.04', entryPrice: '100' }]);
    expect(
      story.fill({ clientOrderId: id, fillId: 'b', price: '101', quantity: '0.06', fee: '0.004' }),
    ).toEqual(OPENED);
    // (0.04 x 100 + 0.06 x 101) / 0.1 = 100.6; 15 % below is 85.51, rounded toward protection 85.6.
    const [position] = story.engine.positions();
    expect(position).toMatchObject({ quantity: '0.1', entryPrice: '100.6', stopPrice: '85.6' });
  });

  it('counts a fill that is reported twice once', () => {
    const story = holding();
    const again = { clientOrderId: story.orderId(1), price: '100', quantity: '0.1' };
    expect(story.fill(again)).toEqual([]);
    expect(story.engine.positions()).toMatchObject([{ quantity: '0.1' }]);
  });

  it('ranks the whitelist first, then depth, then turnover, and leaves the rest without a slot', () => {
    const story = new Story({ risk: { positionsMax: 2 }, filter: { whitelist: ['SOLUSDT'] } });
    story.begin(instrument(BTC), instrument(ETH), instrument(SOL));
    story.command({ kind: 'enable-auto-bot' });
    for (const id of [BTC, ETH, SOL]) story.candles(id, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    for (const [id, turnover] of [
      [BTC, 1e6],
      [ETH, 2e6],
      [SOL, 5e5],
    ] as const)
      story.price(id, 100, turnover);
    expect(story.timer('entry-pass')).toEqual([
      'entry: buy 0.1 SOLUSDT stop 85 profit 150 leverage 1',
      'explain SOLUSDT ordered #1 of 2 free',
      'entry: buy 0.1 ETHUSDT stop 85 profit 150 leverage 1',
      'explain ETHUSDT ordered #2 of 1 free',
      'explain BTCUSDT no-slot #3 of 0 free',
    ]);
    expect(story.timer('entry-pass')).toEqual([]);
  });

  it('sizes at the close of the candle when the last price is older, else at the last price', () => {
    const story = new Story();
    story.begin(instrument(BTC));
    story.command({ kind: 'enable-auto-bot' });
    story.price(BTC, 50);
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    expect(story.engine.scanRow(BTC)?.lastPrice).toBe(100);
    story.price(BTC, 80);
    expect(story.timer('entry-pass')[0]).toBe('entry: buy 0.125 BTCUSDT stop 68 profit 120 leverage 1');
  });

  it('takes no price that is none', () => {
    const story = holding();
    expect(story.price(BTC, 0)).toEqual([]);
    expect(story.price(BTC, Number.NaN)).toEqual([]);
    expect(story.engine.scanRow(BTC)?.lastPrice).toBe(100);
  });

  it('gives one signal one attempt', () => {
    const story = holding({ filter: { lossReentryEnabled: false } });
    story.price(BTC, 85);
    story.fill({ clientOrderId: story.orderId(2), fillId: 'f2', side: 'sell', price: '85', quantity: '0.1' });
    expect(story.timer('entry-pass')).toEqual(['explain BTCUSDT refused engine.entry.attempted']);
  });

  it('says with numbers why an entry is too small for the exchange', () => {
    const story = new Story();
    story.begin(instrument(BTC, { notionalMin: decimal(100) }));
    story.command({ kind: 'enable-auto-bot' });
    story.candles(BTC, waves(HISTORY_LENGTH, 'trough'));
    story.account();
    expect(story.timer('entry-pass')).toEqual([
      'explain BTCUSDT refused #1 of 5 free risk.size.below-notional-min',
    ]);
  });
});
