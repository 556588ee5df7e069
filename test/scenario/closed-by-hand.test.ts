import { describe, expect, it } from 'vitest';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { merged } from './ladder-story.ts';
import { BTC, CANDLE_MS, HISTORY_LENGTH, holding, oversold, START_MS, Story, waves } from './story.ts';

const WAITING = ['explain BTCUSDT vetoed filter.cool-down.waiting'];
const CLOSE = { kind: 'close-position', instrumentId: BTC } as const;
/** The calm of the market is another test's subject: only the wait stands between a close and the next entry. */
const settings = (filter: Record<string, unknown> = {}) => ({
  filter: { lossReentryEnabled: false, rsiTimeEnabled: false, ...filter },
});

/** A trough whose last candle is `candles` after the one that was entered on, and an entry pass at its close. */
function nextSignal(story: Story, candles: number): string[] {
  const judged = story.candles(BTC, waves(HISTORY_LENGTH, 'trough'), START_MS + candles * CANDLE_MS);
  story.account();
  return [...judged, ...story.timer('entry-pass')];
}

function sold(story: Story, changes: Parameters<Story['fill']>[0] | object = {}): void {
  story.fill({ fillId: 'f2', side: 'sell', price: '101', quantity: '0.1', ...changes });
}

describe('after a person closed a position', () => {
  it.each([
    ['by command', true],
    ['at the exchange', false],
  ])('its instrument waits three candles, over a restart too: %s', (_, command) => {
    const story = holding(settings());
    if (command) story.command(CLOSE);
    sold(story, command ? { clientOrderId: story.orderId(2) } : {});
    expect(story.engine.positions()).toEqual([]);
    expect(nextSignal(story, 1)).toEqual(WAITING);
    expect(nextSignal(story, 2)).toEqual(WAITING);
    const next = new Story(settings());
    next.engine.restore(parseEngineSnapshot(JSON.parse(JSON.stringify(story.engine.snapshot())))!);
    expect(next.engine.tradingSnapshot().coolDowns).toEqual([
      [BTC, START_MS + (HISTORY_LENGTH + 3) * CANDLE_MS],
    ]);
    expect(nextSignal(story, 3)).toContainEqual(expect.stringMatching(/^entry: buy/));
  });

  it('its instrument waits as long as the settings say, and not at all with none', () => {
    const one = holding(settings({ handCloseCandles: 1 }));
    sold(one);
    expect(nextSignal(one, 1)).toContainEqual(expect.stringMatching(/^entry: buy/));
    const none = holding(settings({ handCloseCandles: 0 }));
    sold(none);
    expect(none.engine.tradingSnapshot().coolDowns).toEqual([]);
  });

  it('by a rule of its own it waits for nothing', () => {
    const story = holding(settings());
    sold(story, { cause: 'take-profit' });
    expect(nextSignal(story, 1)).toContainEqual(expect.stringMatching(/^entry: buy/));
  });

  it('the entry of a ladder that was taken back by hand is waited out, too', () => {
    const story = oversold(merged({ ...settings() }));
    story.timer('entry-pass');
    story.order(story.orderId(1), 'accepted');
    story.command(CLOSE);
    for (const number of [1, 2]) story.order(story.orderId(number), 'cancelled');
    expect(story.engine.positions()).toEqual([]);
    expect(nextSignal(story, 1)).toEqual(WAITING);
  });
});
