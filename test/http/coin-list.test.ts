import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { coinListSchema } from '../../src/api/coin.ts';
import { acceptsGzip, matchesEtag } from '../../src/http/coin-list-body.ts';
import { type BotsFixture, botsFixture } from './bots-fixture.ts';

async function withFixture(run: (fixture: BotsFixture) => Promise<void>): Promise<void> {
  const fixture = botsFixture();
  await run(fixture);
  await fixture.server.close();
}

describe('the scan table', () => {
  it('has the shape of its schema', () =>
    withFixture(async ({ ask, api }) => {
      const answer = await ask('viewer', { url: '/api/coins' });
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(coinListSchema.parse(answer.json())).toEqual(api.coins());
    }));

  it('is built once for each version, however many ask and however', () =>
    withFixture(async ({ ask, api }) => {
      const get = (headers: Record<string, string> = {}) => ask('viewer', { url: '/api/coins', headers });
      await Promise.all([
        get(),
        get(),
        get({ 'accept-encoding': 'gzip' }),
        get({ 'accept-encoding': 'gzip' }),
      ]);
      await ask('viewer', { method: 'HEAD', url: '/api/coins' });
      expect(api.listsBuilt).toBe(1);
      api.version = 2;
      expect((await get()).json().version).toBe(2);
      expect(api.listsBuilt).toBe(2);
    }));

  it('is compressed for those who take it', () =>
    withFixture(async ({ ask }) => {
      const plain = await ask('viewer', { url: '/api/coins' });
      const zipped = await ask('viewer', { url: '/api/coins', headers: { 'accept-encoding': 'br, gzip' } });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(zipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
      expect([plain.headers['vary'], zipped.headers['vary']]).toEqual(['accept-encoding', 'accept-encoding']);
    }));

  it('is 304 for the same version and whole for another', () =>
    withFixture(async ({ ask, api }) => {
      const first = await ask('viewer', { url: '/api/coins' });
      const etag = String(first.headers.etag);
      const conditional = { url: '/api/coins', headers: { 'if-none-match': etag } };
      const second = await ask('viewer', conditional);
      expect([second.statusCode, second.body, second.headers.etag]).toEqual([304, '', etag]);
      expect(second.headers['content-security-policy']).toBe(first.headers['content-security-policy']);
      api.version = 2;
      const third = await ask('viewer', conditional);
      expect(third.statusCode).toBe(200);
      expect(third.headers.etag).not.toBe(etag);
    }));

  it('has another tag after a restart, though versions count from the start again', () =>
    withFixture(async ({ ask }) => {
      const { headers } = await ask('viewer', { url: '/api/coins' });
      const restarted = botsFixture();
      await restarted.time.advance(1);
      const later = botsFixture({ time: restarted.time });
      const answer = await later.ask('viewer', { url: '/api/coins' });
      expect(answer.headers.etag).not.toBe(headers.etag);
      await Promise.all([restarted.server.close(), later.server.close()]);
    }));
});

describe('acceptsGzip', () => {
  it.each([
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['identity', false],
    ['xgzip', false],
    ['', false],
    [undefined, false],
  ])('%j -> %s', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});

describe('matchesEtag', () => {
  it.each([
    ['W/"a-1"', true],
    ['"a-1"', true],
    ['"x", W/"a-1"', true],
    ['*', true],
    ['W/"a-2"', false],
    ['a-1', false],
    [undefined, false],
  ])('%j -> %s', (header, expected) => {
    expect(matchesEtag(header, 'W/"a-1"')).toBe(expected);
  });
});
