import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { botsFixture } from './bots-fixture.ts';

const fixture = botsFixture();
const { asked } = fixture.api.reconciliation;
afterAll(() => fixture.server.close());
beforeEach(() => {
  asked.length = 0;
});

describe('agreement with the exchange over HTTP', () => {
  it('shows all that is open beside a page of what has ended', async () => {
    const answer = await fixture.ask('viewer', {
      url: '/api/reconciliation?kind=position-foreign&symbol=btc&limit=2',
    });
    const { open, rows, mode, streak, accountAgeMs } = answer.json();
    expect([mode, streak, accountAgeMs]).toEqual(['ready', 0, 900]);
    expect(open).toMatchObject([{ id: 'd2', endedMs: null, offers: ['adopt', 'ignore'] }]);
    expect(rows).toMatchObject([{ id: 'd1', resolution: 'fills', fillIds: ['f1'] }]);
    expect(asked).toEqual([{ limit: 2, cursor: null, kind: 'position-foreign', symbol: 'btc' }]);
  });

  it('lists what rests and what was executed, of one coin where asked', async () => {
    const orders = await fixture.ask('viewer', { url: '/api/orders?ours=false&symbol=btc' });
    expect(orders.json()).toMatchObject({ asOfMs: 1_760_000_000_000, rows: [{ id: 'x1', ours: false }] });
    const fills = await fixture.ask('viewer', { url: '/api/fills?intent=ib1' });
    expect(fills.json().rows).toMatchObject([{ id: 'f1', intentId: 'ib1' }]);
    expect(asked).toEqual([
      { limit: 100, cursor: null, symbol: 'btc', ours: false },
      { limit: 100, cursor: null, symbol: null, intentId: 'ib1' },
    ]);
  });

  it.each([
    ['/api/reconciliation?cursor=foreign', 'cursor'],
    ['/api/reconciliation?kind=odd', 'kind'],
    ['/api/orders?cursor=foreign', 'cursor'],
    ['/api/orders?ours=perhaps', 'ours'],
    ['/api/fills?cursor=foreign', 'cursor'],
  ])('refuses %s', async (url, path) => {
    const refused = await fixture.ask('viewer', { url });
    expect([refused.statusCode, refused.json().errors[0].path]).toEqual([400, path]);
  });
});
