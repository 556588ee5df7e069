import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, ETH, HISTORY_LENGTH, holding, instrument, oversold, Story, waves } from './story.ts';

const REFUSED = 'explain BTCUSDT refused #1 of 5 free risk.limit.daily-loss';

describe('the loss of a day', () => {
  it('ends entries at 3 % of the equity the day began with', () => {
    const story = oversold();
    story.wait(1_000).account([], 9_700.01);
    const still = oversold();
    still.wait(1_000).account([], 9_700);
    expect(story.timer('entry-pass').at(-1)).toBe('explain BTCUSDT ordered #1 of 5 free');
    expect(still.timer('entry-pass')).toEqual([REFUSED]);
  });

  it('is one by trading: money moved out is none, money moved in hides none, and not to know refuses', () => {
    const read = (equity: number, moved: number | null): string[] => {
      const story = oversold();
      story.wait(1_000);
      const balance = { equity: decimal(equity), walletBalance: decimal(equity), available: decimal(equity) };
      const transfers = moved === null ? null : [{ timeMs: story.nowMs, amount: decimal(moved) }];
      story.say({ kind: 'account-snapshot', asOfMs: story.nowMs, balance, positions: [], transfers });
      return story.timer('entry-pass');
    };
    expect(read(5_000, -5_000).at(-1)).toBe('explain BTCUSDT ordered #1 of 5 free');
    expect(read(14_700, 5_000)).toEqual([REFUSED]);
    expect(read(10_000, null)).toEqual([`${REFUSED}-unknown`]);
  });

  it('is still known after a restart', () => {
    const story = oversold();
    const stored: unknown = JSON.parse(JSON.stringify(story.engine.snapshot()));
    const next = new Story();
    next.engine.restore(parseEngineSnapshot(stored)!);
    next.nowMs = story.nowMs + 1_000;
    next.say({ kind: 'entries-allowed', allowed: true, reason: 'ready' });
    next.command({ kind: 'enable-auto-bot' });
    next.account([], 9_700);
    expect(next.timer('entry-pass')).toEqual([REFUSED]);
  });

  it('is measured anew on another account', () => {
    const story = oversold();
    story.say({ kind: 'lease', accountId: 'other', epoch: 1 });
    story.wait(1_000).account([], 500);
    expect(story.timer('entry-pass').at(-1)).toBe('explain BTCUSDT ordered #1 of 5 free');
  });

  it('never stands in the way of an exit', () => {
    const story = holding();
    story.wait(1_000).account([], 1);
    expect(story.price(BTC, 85)[0]).toBe('stop-loss: sell 0.1 BTCUSDT reduce-only');
  });
});

describe('the available balance', () => {
  it('is shared by entries of one moment, though the exchange has not told of them yet', () => {
    const story = new Story({
      risk: { exposurePctMax: 500, dailyLossPctMax: 100 },
    });
    story.begin(instrument(BTC), instrument(ETH));
    story.command({ kind: 'enable-auto-bot' });
    for (const id of [BTC, ETH]) story.candles(id, waves(HISTORY_LENGTH, 'trough'));
    // Two entries of 10 USDT and their fees of 0.011 against 20.
    story.account([], 20);
    expect(story.timer('entry-pass').filter((line) => line.startsWith('explain'))).toEqual([
      'explain BTCUSDT ordered #1 of 5 free',
      'explain ETHUSDT refused #2 of 4 free risk.limit.margin',
    ]);
  });
});
