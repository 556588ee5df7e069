import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { botsFixture } from './bots-fixture.ts';

const fixture = botsFixture();
const { asked } = fixture.api.decisionLog;
afterAll(() => fixture.server.close());
beforeEach(() => {
  asked.length = 0;
});

function read(url: string) {
  return fixture.ask('viewer', { url });
}

describe('the decision log over HTTP', () => {
  it('asks for the closes of one coin by page', async () => {
    const answer = await read('/api/coins/btc/decisions?limit=3&cursor=5-6');
    expect(asked).toEqual([{ symbol: 'btc', limit: 3, cursor: '5-6' }]);
    expect(answer.json()).toMatchObject({ rows: [{ symbol: 'BTCUSDT', distance: 2.5 }], nextCursor: null });
    const refused = await read('/api/coins/btc/decisions?cursor=foreign');
    expect([refused.statusCode, refused.json().errors[0].path]).toEqual([400, 'cursor']);
  });

  it('counts blockers of a month of all coins unless told otherwise', async () => {
    await read('/api/decisions/blockers');
    await read('/api/decisions/blockers?symbol=eth&days=366');
    expect(asked).toEqual([
      { symbol: null, days: 30 },
      { symbol: 'eth', days: 366 },
    ]);
    const refused = await read('/api/decisions/blockers?days=367');
    expect([refused.statusCode, refused.json().errors[0].path]).toEqual([400, 'days']);
  });

  it('tells what changed, whole', async () => {
    const answer = await read('/api/decisions/changes');
    expect(answer.json().coins[0]).toMatchObject({ symbol: 'BTCUSDT', before: null, now: { rsi: 31.5 } });
  });

  it('gives the funnel of the newest close or of one before, and says when there is none', async () => {
    const newest = await read('/api/decisions/funnel');
    expect(newest.json().close.stages).toEqual([{ stage: 'known', coins: 1 }]);
    const none = await read('/api/decisions/funnel?untilMs=0');
    expect(none.json()).toEqual({ close: null });
    expect(asked).toEqual([{ untilMs: null }, { untilMs: 0 }]);
  });

  it('gives as many candidates as are asked for, with the margin of each veto', async () => {
    const answer = await read('/api/auto-bot/candidates?limit=7');
    expect(asked).toEqual([{ limit: 7 }]);
    expect(answer.json().rows[0]).toMatchObject({ distance: 2.5, blockers: [{ margin: -2.5 }] });
    expect((await read('/api/auto-bot/candidates?limit=101')).statusCode).toBe(400);
  });
});
