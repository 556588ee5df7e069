import { afterAll, describe, expect, it } from 'vitest';
import { botsFixture } from './bots-fixture.ts';

const fixture = botsFixture();
afterAll(() => fixture.server.close());

describe('the ledger over HTTP', () => {
  it('is read page by page, of one coin where asked, with where it stands', async () => {
    fixture.api.ledger.asked.length = 0;
    const answer = await fixture.ask('viewer', { url: '/api/ledger?symbol=btc&limit=2' });
    expect(answer.json()).toMatchObject({
      rows: [{ id: '17', postings: [{ debit: 'fees', credit: 'wallet', amount: '0.25' }] }],
      standing: { comparison: { drift: '0' } },
    });
    expect(fixture.api.ledger.asked).toEqual([{ limit: 2, cursor: null, symbol: 'btc' }]);
  });

  it('refuses a cursor the list did not give', async () => {
    const refused = await fixture.ask('viewer', { url: '/api/ledger?cursor=foreign' });
    expect([refused.statusCode, refused.json().errors[0].path]).toEqual([400, 'cursor']);
  });

  it('is exported as a file of its own', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/ledger/export' });
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toContain('ledger.csv');
    expect(answer.body).toBe('time\r\n2026\r\n');
  });
});
