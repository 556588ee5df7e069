import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemTime } from '../../src/platform/time.ts';
import { type BotsFixture, botsFixture, SERVICE_TOKEN } from './bots-fixture.ts';
import { openStream } from './event-source.ts';
import { MARIA, type WebFixture, webFixture } from './web-fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Both servers on real sockets, Maria signed in. */
async function pair(): Promise<{
  bots: BotsFixture;
  web: WebFixture;
  url: string;
  maria: Record<string, string>;
}> {
  const bots = botsFixture({ time: systemTime, port: 0 });
  const botsPort = await bots.server.listen();
  closing.push(() => bots.server.close());
  const { web, url, maria } = await webAt(`http://127.0.0.1:${botsPort}`);
  return { bots, web, url, maria };
}

async function webAt(
  botsUrl: string,
): Promise<{ web: WebFixture; url: string; maria: Record<string, string> }> {
  const web = webFixture({ time: systemTime, port: 0, botsUrl });
  const url = `http://127.0.0.1:${await web.server.listen()}`;
  closing.push(() => web.close());
  return { web, url, maria: { ...web.maria, origin: url } };
}

/** A bots service that is not ours: it does what the test says and remembers the requests. */
async function strangeBots(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ seen: IncomingMessage[]; url: string; server: Server }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('the way to the bots service', () => {
  it('carries who the person is, and the answer back', async () => {
    const { bots, url, maria } = await pair();
    const answer = await fetch(`${url}/api/positions/BTC/close`, {
      method: 'POST',
      headers: { ...maria, 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: '{"reason":"enough"}',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { done: true, message: 'done' }]);
    expect(bots.api.sent).toEqual([
      {
        command: { kind: 'close-position', symbol: 'BTC' },
        actor: { name: 'Мария', role: 'trader' },
        reason: 'enough',
      },
    ]);
  });

  it('carries commands without a body', async () => {
    const { bots, url, maria } = await pair();
    const answer = await fetch(`${url}/api/auto-bot/enable`, { method: 'POST', headers: maria });
    expect(answer.status).toBe(200);
    expect(bots.api.sent).toHaveLength(1);
  });

  it('carries bodies in chunks, and HEAD', async () => {
    const { bots, url, maria } = await pair();
    const body = new ReadableStream({
      start: (stream) => {
        for (const part of ['{"reason":', '"in parts"}']) stream.enqueue(new TextEncoder().encode(part));
        stream.close();
      },
    });
    const headers = { ...maria, 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const answer = await fetch(`${url}/api/auto-bot/enable`, request);
    expect([answer.status, bots.api.sent[0]?.reason]).toEqual([200, 'in parts']);
    const head = await fetch(`${url}/api/status`, { method: 'HEAD', headers: maria });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('leaves roles and refusals to the bots service', async () => {
    const { url, maria } = await pair();
    const forbidden = await fetch(`${url}/api/auto-bot/config`, {
      method: 'PATCH',
      headers: { ...maria, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([forbidden.status, (await forbidden.json()).code]).toEqual([403, 'auth.forbidden']);
    const unknown = await fetch(`${url}/api/coins/NOPE`, { headers: maria });
    expect([unknown.status, (await unknown.json()).code]).toEqual([404, 'coin.unknown']);
    expect(unknown.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(unknown.headers.get('content-security-policy')).toContain("default-src 'none'");
    const method = await fetch(`${url}/api/auto-bot/enable`, { headers: maria });
    expect(method.status).toBe(405);
  });

  it('carries conditional and compressed reads', async () => {
    const { url, maria } = await pair();
    const first = await fetch(`${url}/api/coins`, { headers: { ...maria, 'accept-encoding': 'gzip' } });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect((await first.json()).rows).toHaveLength(2);
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${url}/api/coins`, { headers: { ...maria, 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });

  it('passes only what the bots service needs, and nothing a client made up', async () => {
    const bots = await strangeBots((_request, response) => response.end('{}'));
    const { url, maria } = await webAt(bots.url);
    await fetch(`${url}/api/status?x=1`, {
      headers: {
        ...maria,
        'X-InfoBot-Actor': 'boss',
        'x-infobot-role': 'admin',
        'x-infobot-anything': 'y',
        'x-forwarded-for': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        referer: 'http://evil.example',
        'proxy-authorization': 'Basic x',
        connection: 'authorization, x-infobot-role',
        'accept-encoding': 'gzip',
      },
    });
    expect(bots.seen[0]?.url).toBe('/api/status?x=1');
    const {
      host,
      connection: _connection,
      'content-length': _length,
      ...headers
    } = bots.seen[0]?.headers ?? {};
    expect(`http://${host}`).toBe(bots.url);
    expect(headers).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip',
      authorization: `Bearer ${SERVICE_TOKEN}`,
      'x-infobot-actor': encodeURIComponent(MARIA.name),
      'x-infobot-role': 'trader',
    });
  });

  it("passes a script's own token and never ours with it", async () => {
    const bots = await strangeBots((_request, response) => response.end('{}'));
    const { url } = await webAt(bots.url);
    const headers = { authorization: 'Bearer script', 'x-infobot-actor': 'boss', 'x-infobot-role': 'admin' };
    const answer = await fetch(`${url}/api/auto-bot/enable`, { method: 'POST', headers });
    expect(answer.status, 'a token needs no page').toBe(200);
    expect(bots.seen[0]?.headers.authorization).toBe('Bearer script');
    expect(Object.keys(bots.seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it('stays below /api', async () => {
    const bots = await strangeBots((_request, response) => response.end('{}'));
    const { web, maria } = await webAt(bots.url);
    for (const url of ['/api/../readyz', '/api/%2e%2e/readyz', '/api//evil.example/x', '/api/..%2freadyz']) {
      await web.server.app.inject({ url, headers: { ...maria, host: maria['origin']?.slice(7) ?? '' } });
    }
    for (const request of bots.seen) {
      expect(new URL(request.url ?? '', bots.url).pathname).toMatch(/^\/api\//);
    }
  });

  it.each(['/api/..%2freadyz', '/api/coins/..%2f..%2fx/settings', '/api/..%5creadyz'])(
    'refuses the address %s as a fault of the caller',
    async (path) => {
      const { url, maria } = await pair();
      const answer = await fetch(`${url}${path}`, { headers: maria });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'request.malformed' }]);
    },
  );

  it.each([
    ['form', 'application/x-www-form-urlencoded', 415],
    ['text', 'text/plain', 415],
    ['endless body', 'application/json', 413],
  ])('lets no %s through', async (_name, type, status) => {
    const { bots, url, maria } = await pair();
    const headers = { ...maria, 'content-type': type };
    const answer = await fetch(`${url}/api/auto-bot/enable`, {
      method: 'POST',
      headers,
      body: 'a=1'.repeat(30_000),
    });
    expect(answer.status).toBe(status);
    expect(bots.api.sent).toEqual([]);
  });
});

describe('a bots service in trouble', () => {
  it('that is down is a 503', async () => {
    const { url, maria } = await webAt('http://127.0.0.1:9');
    const answer = await fetch(`${url}/api/status`, { headers: maria });
    expect([answer.status, (await answer.json()).code]).toEqual([503, 'bots.unavailable']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('that breaks off is a 502', async () => {
    const bots = await strangeBots((request) => request.socket.destroy());
    const { url, maria } = await webAt(bots.url);
    const answer = await fetch(`${url}/api/status`, { headers: maria });
    expect([answer.status, (await answer.json()).code]).toEqual([502, 'bots.broken-answer']);
    expect(bots.seen, 'asked once').toHaveLength(1);
  });

  it('that says 503 is asked once and its answer is passed on', async () => {
    const bots = await strangeBots((_request, response) =>
      response.writeHead(503, { 'retry-after': '1', 'content-type': 'application/json' }).end('{"own":true}'),
    );
    const { url, maria } = await webAt(bots.url);
    const answer = await fetch(`${url}/api/status`, { headers: maria });
    expect([answer.status, await answer.json()]).toEqual([503, { own: true }]);
    expect(bots.seen).toHaveLength(1);
  });
});

describe('the live stream through the web server', () => {
  it('arrives message by message, and resumes', async () => {
    const { bots, url, maria } = await pair();
    const stream = await openStream(`${url}/api/stream?topics=events`, maria);
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await expect.poll(() => stream.text()).toBe(': alive\n\n');
    bots.api.emit({ topic: 'events', json: '{"n":1}' });
    await expect.poll(() => stream.text()).toContain('data: {"n":1}\n\n');
    bots.api.emit({ topic: 'events', json: '{"n":2}' });
    await expect.poll(() => stream.text()).toContain('data: {"n":2}\n\n');
    const firstId = /id: (\S+)/.exec(stream.text())?.[1] ?? '';
    const again = await openStream(`${url}/api/stream?topics=events`, { ...maria, 'last-event-id': firstId });
    await expect.poll(() => again.text()).toContain('data: {"n":2}\n\n');
    expect(again.text()).not.toContain('{"n":1}');
    stream.close();
    again.close();
  });

  it('ends at the bots service when the browser goes', async () => {
    let gone = false;
    const bots = await strangeBots((_request, response) => {
      response.on('close', () => {
        gone = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': alive\n\n');
    });
    const { url, maria } = await webAt(bots.url);
    const stream = await openStream(`${url}/api/stream`, maria);
    await expect.poll(() => stream.text()).toContain('alive');
    stream.close();
    await expect.poll(() => gone).toBe(true);
  });

  it('ends when the person signs out', async () => {
    const { url, maria } = await pair();
    const stream = await openStream(`${url}/api/stream`, maria);
    await expect.poll(() => stream.text()).toContain('alive');
    await fetch(`${url}/api/auth/logout`, { method: 'POST', headers: maria });
    await stream.ended;
  });

  it('ends when the session ends by age or by another hand', async () => {
    const { web, url, maria } = await pair();
    const stream = await openStream(`${url}/api/stream`, maria);
    await expect.poll(() => stream.text()).toContain('alive');
    web.access.sessions.clear();
    await stream.ended;
  });

  it('ends when the bots service goes', async () => {
    const { bots, url, maria } = await pair();
    const stream = await openStream(`${url}/api/stream`, maria);
    await expect.poll(() => stream.text()).toContain('alive');
    await bots.server.close();
    await stream.ended;
  });
});
