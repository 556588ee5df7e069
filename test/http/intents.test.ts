import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { botsFixture } from './bots-fixture.ts';

const fixture = botsFixture();
const { asked } = fixture.api.intents;
afterAll(() => fixture.server.close());
beforeEach(() => {
  asked.length = 0;
});

describe('the intent journal over HTTP', () => {
  it('is read page by page, of one state and one coin where asked', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/intents?state=unknown&symbol=btc&limit=2' });
    expect(answer.json().rows[0]).toMatchObject({
      id: 'ib1',
      state: 'unknown',
      validUntilMs: 1_760_000_005_000,
    });
    await fixture.ask('viewer', { url: '/api/intents' });
    expect(asked).toEqual([
      { limit: 2, cursor: null, state: 'unknown', symbol: 'btc' },
      { limit: 100, cursor: null, state: null, symbol: null },
    ]);
  });

  it('refuses a state there is not, and a cursor the list did not give', async () => {
    for (const [url, path] of [
      ['/api/intents?state=lost', 'state'],
      ['/api/intents?cursor=foreign', 'cursor'],
    ] as const) {
      const refused = await fixture.ask('viewer', { url });
      expect([refused.statusCode, refused.json().errors[0].path]).toEqual([400, path]);
    }
  });

  it('shows one order with its evidence, and says when there is none of that name', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/intents/ib1' });
    expect(answer.json().evidence).toMatchObject([{ kind: 'lookup', said: { verdict: 'absent' } }]);
    const missing = await fixture.ask('viewer', { url: '/api/intents/ib2' });
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'intent.unknown']);
  });
});
