import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_CODE, MARIA, WEB_HOST, type WebFixture, webFixture } from './web-fixture.ts';

let fixture: WebFixture;
beforeEach(() => {
  fixture = webFixture();
});
afterEach(() => fixture.close());

const claim = (code: string, headers: Record<string, string> = {}) =>
  fixture.ask({ method: 'POST', url: '/api/auth/claim', payload: { code }, headers });

describe('signing in', () => {
  it('exchanges a code for a strict, hidden, host-only cookie', async () => {
    const answer = await claim(GOOD_CODE);
    expect(answer.json()).toEqual(MARIA);
    expect(answer.headers['set-cookie']).toBe('infobot_session=secret-1; Path=/; HttpOnly; SameSite=Strict');
    const session = await fixture.ask({
      url: '/api/auth/session',
      headers: { cookie: 'infobot_session=secret-1' },
    });
    expect(session.json()).toEqual(MARIA);
  });

  it('takes a code once', async () => {
    await claim(GOOD_CODE);
    const second = await claim(GOOD_CODE);
    expect([second.statusCode, second.json().code]).toEqual([401, 'auth.code-refused']);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('ends the session there was before', async () => {
    await claim(GOOD_CODE, { cookie: 'infobot_session=secret-of-maria', origin: `http://${WEB_HOST}` });
    expect([...fixture.access.sessions.keys()]).toEqual(['secret-1']);
  });

  it('slows guessing down, whoever the guesser says to be', async () => {
    const guess = (attempt: number) =>
      claim(`wrong-code-${String(attempt).padStart(8, '0')}`, { 'x-forwarded-for': `10.0.0.${attempt}` });
    const statuses = [];
    for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await guess(attempt)).statusCode);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
    expect(fixture.access.claims).toHaveLength(3);
    const refused = await claim(GOOD_CODE);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    await fixture.time.advance(1000);
    expect((await claim(GOOD_CODE)).statusCode).toBe(200);
  });

  it('judges a burst in flight no more than tries one by one', async () => {
    const burst = await Promise.all(Array.from({ length: 50 }, (_, n) => claim(`burst-code-00000-${n}`)));
    expect(burst.filter((answer) => answer.statusCode === 401)).toHaveLength(3);
    expect(fixture.access.claims).toHaveLength(3);
  });

  it.each([{}, { code: 'short' }, { code: GOOD_CODE, name: 'x' }, { code: 5 }])(
    'refuses the body %j without judging it',
    async (payload) => {
      const answer = await fixture.ask({ method: 'POST', url: '/api/auth/claim', payload });
      expect(answer.statusCode).toBe(400);
      expect(fixture.access.claims).toEqual([]);
    },
  );

  it('is not open to other sites', async () => {
    const answer = await claim(GOOD_CODE, { origin: 'http://evil.example' });
    expect([answer.statusCode, fixture.access.claims]).toEqual([403, []]);
  });
});

describe('sessions', () => {
  it.each([{}, { cookie: 'infobot_session=' }, { cookie: 'infobot_session=guess' }, { cookie: 'other=1' }])(
    'there is none with %j',
    async (headers) => {
      for (const url of ['/api/auth/session', '/api/status', '/api/auto-bot']) {
        const answer = await fixture.ask({ url, headers });
        expect([answer.statusCode, answer.json().code]).toEqual([401, 'auth.required']);
      }
    },
  );

  it('a bearer token is a caller but no session', async () => {
    const headers = { authorization: 'Bearer script' };
    expect((await fixture.ask({ url: '/api/auth/session', headers })).statusCode).toBe(401);
    expect((await fixture.ask({ url: '/api/status', headers })).json().code).toBe('bots.unavailable');
  });

  it('a bad bearer token is not saved by a good cookie', async () => {
    const headers = { ...fixture.maria, authorization: 'Bearer wrong' };
    expect((await fixture.ask({ url: '/api/auth/session', headers })).statusCode).toBe(401);
  });

  it.each([
    ['no token', { 'x-infobot-csrf': undefined }],
    ['an empty token', { 'x-infobot-csrf': '' }],
    ['a wrong token', { 'x-infobot-csrf': 'csrf-of-marib' }],
    ['a longer token', { 'x-infobot-csrf': `${MARIA.csrfToken}x` }],
    ['no origin', { origin: undefined }],
  ])('refuse a change with %s', async (_name, change) => {
    for (const url of ['/api/auth/logout', '/api/auto-bot/enable']) {
      const all: Record<string, string | undefined> = { ...fixture.maria, ...change };
      const sent = Object.entries(all).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      );
      const answer = await fixture.ask({ method: 'POST', url, headers: Object.fromEntries(sent) });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'request.csrf']);
    }
    expect(fixture.access.sessions.size).toBe(1);
  });

  it('end on sign-out', async () => {
    const answer = await fixture.ask({ method: 'POST', url: '/api/auth/logout', headers: fixture.maria });
    expect(answer.json()).toEqual({ done: true, message: 'Signed out.' });
    expect(answer.headers['set-cookie']).toMatch(
      /^infobot_session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/,
    );
    expect(fixture.access.sessions.size).toBe(0);
    expect((await fixture.ask({ url: '/api/auth/session', headers: fixture.maria })).statusCode).toBe(401);
  });

  it('do not end by GET', async () => {
    const answer = await fixture.ask({ url: '/api/auth/logout', headers: fixture.maria });
    expect(answer.statusCode).not.toBe(200);
    expect(fixture.access.sessions.size).toBe(1);
  });
});

describe('the page', () => {
  it.each(['/', '/index.html'])('%s carries a fresh nonce in policy and text', async (url) => {
    const [first, second] = [await fixture.ask({ url }), await fixture.ask({ url })];
    expect(first.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(first.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-nonce1'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(first.body).toContain('content="nonce1"><style nonce="nonce1">');
    expect(second.body).toContain('content="nonce2"><style nonce="nonce2">');
    expect(first.body).not.toContain('__CSP_NONCE__');
    expect(first.headers['cache-control']).toBe('no-store');
  });

  it('that is built anew names its new files at once, and stands while it is built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infobot-page-'));
    const index = join(folder, 'index.html');
    const pageOf = (name: string) => `<meta content="__CSP_NONCE__"><script src="/assets/${name}.js">`;
    writeFileSync(index, pageOf('first'));
    const other = webFixture({ pageFolder: folder });
    expect((await other.ask({ url: '/' })).body).toContain('first.js');
    rmSync(index);
    expect((await other.ask({ url: '/' })).body).toContain('first.js');
    writeFileSync(index, 'half of a page');
    expect((await other.ask({ url: '/' })).body).toContain('first.js');
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'second.js'), 'again()');
    writeFileSync(index, pageOf('second'));
    expect((await other.ask({ url: '/' })).body).toContain('second.js');
    expect((await other.ask({ url: '/assets/second.js' })).statusCode).toBe(200);
    await other.close();
    rmSync(folder, { recursive: true });
  });

  it('has files that never change', async () => {
    const answer = await fixture.ask({ url: '/assets/main-abc123.js' });
    expect([answer.statusCode, answer.body]).toEqual([200, 'start()']);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect((await fixture.ask({ method: 'HEAD', url: '/assets/main-abc123.js' })).statusCode).toBe(200);
  });

  it('has files at the top that may change', async () => {
    const answer = await fixture.ask({ url: '/favicon.svg' });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });

  it.each([
    '/nothing',
    '/assets/nothing.js',
    '/assets/',
    '/.env',
    '/../package.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/%00',
  ])('shows nothing else: %s', async (url) => {
    const answer = await fixture.ask({ url });
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).not.toMatch(/SECRET|root:|"dependencies"/);
  });

  it.each(['POST', 'PUT', 'DELETE', 'TRACE'] as const)('takes no %s', async (method) => {
    expect((await fixture.ask({ method, url: '/' })).statusCode).toBe(405);
  });

  it('answers only to its own name', async () => {
    for (const url of ['/', '/assets/main-abc123.js', '/api/status', '/healthz']) {
      const answer = await fixture.ask({ url, headers: { ...fixture.maria, host: 'evil.example:5000' } });
      expect(answer.statusCode, url).toBe(421);
    }
  });
});

it('is alive without a caller', async () => {
  const answer = await fixture.ask({ url: '/healthz' });
  expect([answer.statusCode, answer.json()]).toEqual([200, { ok: true }]);
});
