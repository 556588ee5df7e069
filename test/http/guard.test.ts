import { createConnection } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTime } from '../../src/platform/time.ts';
import { type BotsFixture, botsFixture, HOST, PORT } from './bots-fixture.ts';

describe('hosts', () => {
  let fixture: BotsFixture;
  beforeAll(() => {
    fixture = botsFixture();
  });
  afterAll(() => fixture.server.close());

  it.each([`127.0.0.1:${PORT}`, `localhost:${PORT}`, `LOCALHOST:${PORT}`, `[::1]:${PORT}`])(
    'answers to %s',
    async (host) => {
      expect((await fixture.ask('none', { url: '/healthz', headers: { host } })).statusCode).toBe(200);
    },
  );

  it.each([
    'evil.example',
    `evil.example:${PORT}`,
    '127.0.0.1',
    'localhost',
    '127.0.0.1:5000',
    `127.0.0.1:${PORT}1`,
    `127.0.0.1:0${PORT}`,
    `127.0.0.1.:${PORT}`,
    `localhost.:${PORT}`,
    `localhost.evil.example:${PORT}`,
    `evil-localhost:${PORT}`,
    `127.0.0.1.nip.io:${PORT}`,
    `0.0.0.0:${PORT}`,
    `[::]:${PORT}`,
    `::1:${PORT}`,
    `[0:0:0:0:0:0:0:1]:${PORT}`,
    `[::ffff:127.0.0.1]:${PORT}`,
    `127.0.0.2:${PORT}`,
    `127.1:${PORT}`,
    `2130706433:${PORT}`,
    `0x7f000001:${PORT}`,
    `0177.0.0.1:${PORT}`,
    `user@127.0.0.1:${PORT}`,
    `127.0.0.1:${PORT}@evil.example`,
    `127.0.0.1:${PORT},evil.example`,
    `127.0.0.1:${PORT} evil.example`,
    `127.0.0.1:${PORT}/`,
    `http://127.0.0.1:${PORT}`,
    `127.0.0.1:${PORT}#`,
    'localhost:',
    ':5001',
    '',
  ])('refuses the host %j', async (host) => {
    for (const url of ['/healthz', '/api/status', '/nothing', '/%zz']) {
      const answer = await fixture.ask('admin', { url, headers: { host } });
      expect(answer.statusCode, url).toBe(421);
      expect(answer.json(), url).toMatchObject({ code: 'request.wrong-host' });
    }
  });

  it('refuses every host but its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.domain(), fc.integer({ min: 1, max: 65535 }), async (name, port) => {
        const answer = await fixture.ask('none', { url: '/healthz', headers: { host: `${name}:${port}` } });
        expect(answer.statusCode).toBe(421);
      }),
      { numRuns: 50 },
    );
  });
});

describe('origins of changes', () => {
  let fixture: BotsFixture;
  beforeAll(() => {
    fixture = botsFixture();
  });
  afterAll(() => fixture.server.close());

  it.each([
    {},
    { origin: `http://${HOST}` },
    { 'sec-fetch-site': 'same-origin' },
    { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' },
  ])('accepts %j', async (headers) => {
    const answer = await fixture.ask('trader', { method: 'POST', url: '/api/auto-bot/enable', headers });
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://evil.example' },
    { origin: `https://${HOST}` },
    { origin: `http://localhost:${PORT}` },
    { origin: 'http://127.0.0.1:5000' },
    { origin: 'http://127.0.0.1' },
    { origin: `http://${HOST}.evil.example` },
    { origin: `http://${HOST}/` },
    { origin: `HTTP://${HOST}` },
    { origin: 'file://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: `http://${HOST}`, 'sec-fetch-site': 'cross-site' },
  ])('refuses %j', async (headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const before = fixture.api.sent.length;
      const answer = await fixture.ask('admin', { method, url: '/api/bots/BTC', headers });
      expect(answer.statusCode, method).toBe(403);
      expect(answer.json(), method).toMatchObject({ code: 'request.foreign-origin' });
      expect(fixture.api.sent).toHaveLength(before);
    }
  });

  it('lets reads pass: a foreign page cannot see their answer', async () => {
    const headers = { origin: 'http://evil.example' };
    const answer = await fixture.ask('viewer', { url: '/api/status', headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('answers a preflight without opening anything', async () => {
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const answer = await fixture.ask('none', { method: 'OPTIONS', url: '/api/auto-bot/enable', headers });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['allow']).toBe('POST');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('writes what was refused into the log', async () => {
    const own = botsFixture();
    await own.ask('none', { url: '/healthz', headers: { host: 'evil.example' } });
    expect(own.logged).toEqual([
      {
        fields: { requestId: expect.any(String), method: 'GET', code: 'request.wrong-host' },
        message: 'request refused',
      },
    ]);
    await own.server.close();
  });
});

describe('raw requests', () => {
  let fixture: BotsFixture;
  let port: number;
  beforeAll(async () => {
    fixture = botsFixture({ time: systemTime, port: 0 });
    port = await fixture.server.listen();
  });
  afterAll(() => fixture.server.close());

  /** Sends bytes as they are; the answer up to the end of the connection. */
  function exchange(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes;
      });
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
  }
  const own = (): string => `Host: 127.0.0.1:${port}\r\n`;
  const close = 'Connection: close\r\n\r\n';

  it.each([
    ['no host', () => `GET /healthz HTTP/1.1\r\n${close}`, 421],
    ['HTTP/1.0 without a host', () => `GET /healthz HTTP/1.0\r\n\r\n`, 421],
    ['two hosts', () => `GET /healthz HTTP/1.1\r\n${own()}Host: evil.example\r\n${close}`, 421],
    ['the same host twice', () => `GET /healthz HTTP/1.1\r\n${own()}${own()}${close}`, 421],
    ['an absolute address', () => `GET http://evil.example/healthz HTTP/1.1\r\n${own()}${close}`, 421],
    ['an address without a slash', () => `GET healthz HTTP/1.1\r\n${own()}${close}`, 400],
    ['a huge header', () => `GET /healthz HTTP/1.1\r\n${own()}X: ${'a'.repeat(9000)}\r\n${close}`, 431],
    ['a header line of nonsense', () => `GET /healthz HTTP/1.1\r\n${own()}no colon\r\n${close}`, 400],
    ['no HTTP', () => 'HELO mail.example\r\n\r\n', 400],
    [
      'two lengths',
      () =>
        `POST /api/auto-bot/enable HTTP/1.1\r\n${own()}Content-Length: 2\r\nContent-Length: 4\r\n${close}{}`,
      400,
    ],
    [
      'a length and chunks at once',
      () =>
        `POST /api/auto-bot/enable HTTP/1.1\r\n${own()}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n${close}0\r\n\r\n`,
      400,
    ],
    ['its own host', () => `GET /healthz HTTP/1.1\r\n${own()}${close}`, 200],
  ])('with %s', async (_name, text, status) => {
    const answer = await exchange(text());
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'");
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
    if (status !== 200) expect(answer).toContain('"code":"request.');
  });

  it('takes a body in chunks only up to its limit', async () => {
    const chunk = `8000\r\n${'a'.repeat(0x8000)}\r\n`;
    const answer = await exchange(
      `POST /api/auto-bot/enable HTTP/1.1\r\n${own()}Authorization: Bearer trader\r\n` +
        `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk}${chunk}${chunk}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('request.too-large');
    expect(answer).toContain('a file of settings may have 1024 KiB, everything else 64 KiB');
  });

  it('binds loopback only', () => {
    const wide = { host: '0.0.0.0' } as unknown as { host: '127.0.0.1' };
    expect(() => botsFixture(wide)).toThrow(/loopback only/);
  });
});
