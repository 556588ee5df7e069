import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { botsFixture } from './bots-fixture.ts';

let fixture: ReturnType<typeof botsFixture>;
beforeEach(() => {
  fixture = botsFixture();
});
afterEach(() => fixture.server.close());

describe('pairs of averages', () => {
  it('are listed with the evidence they rest on', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/optimal-ema' });
    expect(answer.json()).toMatchObject({
      timeframe: '6h',
      rows: [
        { symbol: 'BTCUSDT', verdict: 'better', inForce: true, evidence: { baseline: { signals: 60 } } },
      ],
    });
  });

  it('of a coin that was never searched are a problem with its own code', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/optimal-ema/XRP' });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'optimal-ema.unknown']);
  });

  it('are searched again only when asked for by force', async () => {
    const url = '/api/optimal-ema/btc/search';
    await fixture.ask('trader', { method: 'POST', url, payload: {} });
    await fixture.ask('trader', { method: 'POST', url, payload: { force: true } });
    expect(fixture.api.optimalEma.forced).toEqual([false, true]);
  });
});
