import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { deeds, fillRung, laddered, resting, rungStates, ladderOf } from './ladder-story.ts';
import { BTC, exchangePosition, settings } from './story.ts';

const WAITING = { entry: { rungs: [{ offsetPct: 2, weight: 1 }, { offsetPct: 4, weight: 1 }] } };
function waiting() {
  const story = laddered(WAITING);
  story.order(story.orderId(1), 'accepted');
  story.order(story.orderId(2), 'accepted');
  return story;
}

describe('rev1', () => {
  it('stranger small: never touched', () => {
    const story = waiting();
    const row = exchangePosition({ quantity: decimal('0.1'), stopPrice: null, takeProfitPrice: null });
    const seen = [];
    for (let i = 0; i < 4; i += 1) seen.push(story.wait(10_000).account([row]));
    console.log(JSON.stringify(seen, null, 1), rungStates(story));
    expect(seen.flat().filter((l) => l.startsWith('amend'))).toEqual([]);
  });
  it('stranger big: told', () => {
    const story = waiting();
    const row = exchangePosition({ quantity: decimal('50'), stopPrice: null, takeProfitPrice: null });
    const seen = [];
    for (let i = 0; i < 4; i += 1) seen.push(story.wait(10_000).account([row]));
    console.log(JSON.stringify(seen, null, 1), rungStates(story));
    expect(seen.flat()).toContain('warning engine.position.foreign BTCUSDT');
  });
  it('by hand, market rung on its way', () => {
    const story = laddered();
    const answer = story.command({ kind: 'close-position', instrumentId: BTC });
    const filled = fillRung(story, 1);
    console.log(answer, filled, rungStates(story));
    expect(deeds(filled).join()).toContain('sell 0.25');
  });
  it('snapshot byte equal', () => {
    const story = resting();
    const text = JSON.stringify(story.engine.tradingSnapshot());
    const again = new Engine({ settings: settings(), settingsVersion: 1 });
    again.restore(story.engine.snapshot());
    const t2 = JSON.stringify({ ...again.tradingSnapshot(), autoBot: null });
    expect(t2).toBe(JSON.stringify({ ...JSON.parse(text), autoBot: null }));
  });
  it('ended then accepted: taken back', () => {
    const story = resting();
    story.order(story.orderId(3), 'not-placed');
    story.order(story.orderId(2), 'cancelled');
    console.log(rungStates(story));
    const late = story.order(story.orderId(3), 'accepted');
    expect(late).toEqual([`cancel ${story.orderId(3)}`]);
  });
  it('grown beyond what rests is told', () => {
    const story = resting();
    const seen = story.wait(5_000).account([exchangePosition({ quantity: decimal(9), stopPrice: decimal('82.9') })]);
    expect(seen).toContain('warning engine.position.drift BTCUSDT');
    void ladderOf;
  });
});
