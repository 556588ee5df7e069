import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotsFixture, botsFixture } from './bots-fixture.ts';
import { ROUTES } from './bots-routes.ts';

const EXPECTED_HEADERS = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'permissions-policy': expect.stringContaining('camera=()'),
  'cache-control': 'no-store',
};

describe('answers', () => {
  let fixture: BotsFixture;
  beforeAll(() => {
    fixture = botsFixture();
  });
  afterAll(() => fixture.server.close());

  it.each(ROUTES.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s carries the security headers, refused and granted',
    async (_name, route) => {
      const { method, url } = route;
      const isList = url === '/api/coins';
      for (const caller of ['none', 'admin'] as const) {
        const payload = route.body === undefined ? {} : { payload: route.body };
        const answer = await fixture.ask(caller, { method, url, ...payload });
        const cache = isList && caller === 'admin' ? 'private, no-cache' : 'no-store';
        // The one page of this server has a style of its own, and its own test.
        const isPage = url === '/api/docs' && caller === 'admin';
        const policy = isPage ? { 'content-security-policy': expect.stringContaining("'none'") } : {};
        expect(answer.headers).toMatchObject({ ...EXPECTED_HEADERS, ...policy, 'cache-control': cache });
        // The hot list's head is prepared once for a version; it has no place for a number of its own.
        if (cache === 'no-store') expect(answer.headers['x-request-id']).toMatch(/^[a-z0-9]+-[a-z0-9]+$/);
        expect(Object.keys(answer.headers)).not.toContain('x-powered-by');
        expect(Object.keys(answer.headers)).not.toContain('server');
      }
    },
  );

  it.each(ROUTES.map((route) => [`${route.method} ${route.url}`, route] as const))(
    '%s refuses a field of the query that means nothing there',
    async (_name, { method, url, body }) => {
      const asked = `${url}${url.includes('?') ? '&' : '?'}nonsense=1`;
      const payload = body === undefined ? {} : { payload: body };
      const answer = await fixture.ask('admin', { method, url: asked, ...payload });
      expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'request.invalid' }]);
      expect(answer.body).toContain('nonsense');
    },
  );

  it.each([
    ['unknown address', { url: '/api/nothing' }, 404, 'route.unknown'],
    ['unknown address on top', { url: '/wp-login.php' }, 404, 'route.unknown'],
    ['trailing slash', { url: '/api/status/' }, 404, 'route.unknown'],
    ['other case', { url: '/API/status' }, 404, 'route.unknown'],
    ['unknown coin', { url: '/api/coins/NOPE' }, 404, 'coin.unknown'],
    ['candles of an unknown coin', { url: '/api/coins/NOPE/candles' }, 404, 'coin.unknown'],
    ['RSI of an unknown coin', { url: '/api/coins/NOPE/rsi' }, 404, 'coin.unknown'],
    ['decision of an unknown coin', { url: '/api/coins/NOPE/decision' }, 404, 'coin.unknown'],
    ['unknown bot', { url: '/api/bots/ETH' }, 404, 'bot.unknown'],
    ['wrong method', { method: 'POST', url: '/api/status' }, 405, 'method.not-allowed'],
    ['GET of a command', { url: '/api/auto-bot/enable' }, 405, 'method.not-allowed'],
    ['TRACE', { method: 'TRACE', url: '/api/status' }, 405, 'method.not-allowed'],
    ['a method of WebDAV', { method: 'PROPFIND', url: '/api/status' }, 405, 'method.not-allowed'],
    ['a path that cannot be decoded', { url: '/api/coins/%E0%A4%A' }, 400, 'request.malformed'],
    ['an endless path part', { url: `/api/coins/${'a'.repeat(201)}` }, 400, 'request.malformed'],
  ] as const)('%s is a problem', async (_name, request, status, code) => {
    const answer = await fixture.ask('admin', request as { url: string });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject(EXPECTED_HEADERS);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toEqual({
      type: `urn:infobot:problem:${code}`,
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
      requestId: answer.headers['x-request-id'] ?? expect.any(String),
    });
  });

  it('names the methods an address takes', async () => {
    const refused = await fixture.ask('admin', { method: 'DELETE', url: '/api/auto-bot/config' });
    expect([refused.statusCode, refused.headers['allow']]).toEqual([405, 'GET, HEAD, PATCH, PUT']);
    const asked = await fixture.ask('none', { method: 'OPTIONS', url: '/api/bots/BTC' });
    expect([asked.statusCode, asked.headers['allow'], asked.body]).toEqual([
      204,
      'DELETE, GET, HEAD, PATCH',
      '',
    ]);
    expect((await fixture.ask('none', { method: 'OPTIONS', url: '/api/nothing' })).statusCode).toBe(404);
  });

  it.each(['/api/status', '/api/coins'])('HEAD %s is GET without a body', async (url) => {
    const got = await fixture.ask('viewer', { url });
    const headed = await fixture.ask('viewer', { method: 'HEAD', url });
    expect(headed.body).toBe('');
    expect(headed.headers['content-length']).toBe(String(Buffer.byteLength(got.body)));
  });

  it('is not ready with 503 and the reason', async () => {
    const own = botsFixture();
    own.api.readiness = { ready: false, reason: 'reconciling' };
    const answer = await own.ask('viewer', { url: '/readyz' });
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reason: 'reconciling' }]);
    await own.server.close();
  });

  it('passes limit and cursor to the service, and the next cursor back', async () => {
    const own = botsFixture();
    const answer = await own.ask('viewer', { url: '/api/trades?limit=7&cursor=abc' });
    await own.ask('viewer', { url: '/api/events' });
    expect(own.api.pages).toEqual([
      { limit: 7, cursor: 'abc' },
      { limit: 100, cursor: null },
    ]);
    expect(answer.json()).toEqual({ rows: [], nextCursor: 'next' });
    await own.server.close();
  });

  it('passes the coin and the outcome whose decisions are asked for', async () => {
    const own = botsFixture();
    const answer = await own.ask('viewer', { url: '/api/decisions?symbol=btc&outcome=vetoed&limit=2' });
    await own.ask('viewer', { url: '/api/decisions' });
    expect(own.api.pages).toEqual([
      { limit: 2, cursor: null, symbol: 'btc', outcome: 'vetoed' },
      { limit: 100, cursor: null, symbol: null, outcome: null },
    ]);
    expect(answer.json()).toMatchObject({ rows: [{ symbol: 'BTCUSDT' }], nextCursor: null });
    const unknown = await own.ask('viewer', { url: '/api/decisions?outcome=perhaps' });
    expect([unknown.statusCode, unknown.json().errors[0].path]).toEqual([400, 'outcome']);
    await own.server.close();
  });

  it('refuses a cursor that the list did not give', async () => {
    const own = botsFixture();
    const answer = await own.ask('viewer', { url: '/api/trades?cursor=foreign' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path: 'cursor' }] });
    await own.server.close();
  });
});

describe('commands', () => {
  it.each([
    ['not-found', 404],
    ['conflict', 409],
    ['refused', 422],
  ] as const)('refused by the service as %s is %i with its own code', async (kind, status) => {
    const fixture = botsFixture();
    fixture.api.answer = () => ({ ok: false, kind, code: 'risk.some-code', detail: 'Because.' });
    const answer = await fixture.ask('trader', { method: 'POST', url: '/api/positions/BTC/close' });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code: 'risk.some-code', detail: 'Because.' });
    await fixture.server.close();
  });

  it('refused for what is not there have the title that reads have', async () => {
    const fixture = botsFixture();
    const detail = 'There is no coin NOPE here.';
    fixture.api.answer = () => ({ ok: false, kind: 'not-found', code: 'coin.unknown', detail });
    const commanded = await fixture.ask('trader', { method: 'POST', url: '/api/positions/NOPE/adopt' });
    const read = await fixture.ask('trader', { url: '/api/coins/NOPE' });
    expect([commanded.statusCode, commanded.json().title]).toEqual([404, 'There is no such coin']);
    expect([read.statusCode, read.json().title]).toEqual([404, 'There is no such coin']);
    await fixture.server.close();
  });

  it('to give a position up take a reason', async () => {
    const fixture = botsFixture();
    const url = '/api/positions/btc/disown';
    for (const payload of [{}, { reason: '  ' }]) {
      const answer = await fixture.ask('trader', { method: 'POST', url, payload });
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'reason']);
    }
    expect(fixture.api.sent).toEqual([]);
    await fixture.server.close();
  });

  it.each([
    ['POST', '/api/auto-bot/enable', { kind: 'enable-auto-bot' }],
    ['POST', '/api/auto-bot/disable', { kind: 'disable-auto-bot' }],
    ['POST', '/api/bots/btc/start', { kind: 'start-bot', symbol: 'btc' }],
    ['POST', '/api/bots/btc/stop', { kind: 'stop-bot', symbol: 'btc' }],
    ['POST', '/api/positions/btc/close', { kind: 'close-position', symbol: 'btc' }],
    ['POST', '/api/positions/btc/adopt', { kind: 'adopt-position', symbol: 'btc' }],
    ['POST', '/api/positions/btc/ignore', { kind: 'ignore-position', symbol: 'btc' }],
    ['POST', '/api/positions/btc/disown', { kind: 'disown-position', symbol: 'btc' }],
  ] as const)('%s %s reaches the service with who and why', async (method, url, command) => {
    const fixture = botsFixture();
    const answer = await fixture.ask('trader', { method, url, payload: { reason: 'because' } });
    expect(answer.json()).toEqual({ done: true, message: 'done' });
    const actor = { name: 'the trader', role: 'trader' };
    expect(fixture.api.sent).toEqual([{ command, actor, reason: 'because' }]);
    await fixture.server.close();
  });

  it('enters by hand, by force where it is said and why', async () => {
    const fixture = botsFixture();
    const url = '/api/bots/btc/enter';
    await fixture.ask('trader', { method: 'POST', url, payload: { direction: 'long' } });
    const forced = { direction: 'short', force: true, reason: 'news' };
    await fixture.ask('trader', { method: 'POST', url, payload: forced });
    expect(fixture.api.sent.map(({ command, reason }) => [command, reason])).toEqual([
      [{ kind: 'enter', symbol: 'btc', direction: 'long', force: false }, ''],
      [{ kind: 'enter', symbol: 'btc', direction: 'short', force: true }, 'news'],
    ]);
    await fixture.server.close();
  });

  it('deletes and creates bots', async () => {
    const fixture = botsFixture();
    await fixture.ask('trader', { method: 'DELETE', url: '/api/bots/BTC?reason=old' });
    await fixture.ask('trader', { method: 'POST', url: '/api/bots/create', payload: { symbol: 'eth' } });
    expect(fixture.api.sent.map(({ command, reason }) => [command, reason])).toEqual([
      [{ kind: 'delete-bot', symbol: 'BTC' }, 'old'],
      [{ kind: 'create-bot', symbol: 'eth', direction: null, settings: {} }, ''],
    ]);
    await fixture.server.close();
  });
});

describe('defects of ours', () => {
  it('are a 500 that tells the client nothing and the log everything', async () => {
    const fixture = botsFixture();
    const secret = new Error('SELECT key FROM secrets at /srv/infobot/store.ts:5');
    fixture.api.answer = () => Promise.reject(secret);
    const answer = await fixture.ask('trader', { method: 'POST', url: '/api/auto-bot/enable' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'server.internal' });
    expect(answer.body).not.toMatch(/SELECT|store\.ts|Error:|stack/);
    const requestId = answer.headers['x-request-id'];
    expect(fixture.logged).toEqual([
      {
        fields: { requestId, method: 'POST', route: '/api/auto-bot/enable', error: secret },
        message: 'request failed',
      },
    ]);
    await fixture.server.close();
  });

  it('are a 500 when an answer does not fit its schema', async () => {
    const fixture = botsFixture();
    Object.assign(fixture.api, { readiness: { ready: 'perhaps', reason: 5 } });
    const answer = await fixture.ask('viewer', { url: '/readyz' });
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'server.internal']);
    expect(fixture.logged).toHaveLength(1);
    await fixture.server.close();
  });
});
