import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  ADMIN_TOKEN,
  CONTROL_TOKEN,
  type RunningVenue,
  runVenue,
  VIEWER_TOKEN,
} from '../../test/conformance/venue-fixture.ts';

let venue: RunningVenue | null = null;

afterEach(async () => {
  await venue?.stop();
  venue = null;
});

describe('the venue on a port', () => {
  it('shows its ledger and state to the admin alone', async () => {
    venue = await runVenue();
    const read = (path: string, token: string) =>
      fetch(`${venue?.http}${path}`, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
    expect((await read('/venue/ledger', '')).status).toBe(401);
    expect((await read('/venue/ledger', 'guess')).status).toBe(401);
    expect((await read('/venue/ledger', VIEWER_TOKEN)).status).toBe(403);
    const ledger = await (await read('/venue/ledger', ADMIN_TOKEN)).json();
    expect(ledger).toMatchObject({ accounts: [{ uid: '1001', walletBalance: '10000' }] });
    const state = await (await read('/venue/state', ADMIN_TOKEN)).json();
    expect(state).toMatchObject({ market: { name: 'scripted' }, accounts: [{ uid: '1001', fills: [] }] });
    expect((await read('/venue/other', ADMIN_TOKEN)).status).toBe(404);
  });

  it('answers to names of this machine alone, so that no web page can be pointed at it', async () => {
    venue = await runVenue();
    const { port } = venue.server;
    const status = async (host: string, upgrade: string): Promise<string> => {
      const socket = createConnection(port, '127.0.0.1');
      socket.write(`GET /v5/market/time HTTP/1.1\r\nHost: ${host}\r\n${upgrade}\r\n`);
      const [answer] = await once(socket, 'data');
      socket.destroy();
      return String(answer).split('\r\n', 1)[0] ?? '';
    };
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example']) {
      expect(await status(host, '')).toContain('421');
      expect(await status(host, upgrade)).toContain('421');
    }
    expect(await status(`127.0.0.1:${port}`, '')).toContain('200');
    expect(await status(`localhost:${port}`, upgrade)).toContain('101');
  });

  it('refuses a body over 64 KiB without keeping it', async () => {
    venue = await runVenue();
    const body = JSON.stringify({ padding: 'x'.repeat(1_000_000) });
    const response = await fetch(`${venue.http}/v5/order/create`, { method: 'POST', body });
    expect(response.status).toBe(413);
  });

  it('says goodbye to streams when it stops, and stops although one never answers', async () => {
    venue = await runVenue();
    const polite = new WebSocket(`${venue.ws}/v5/public/linear`);
    await once(polite, 'open');
    const rude = createConnection(venue.server.port, '127.0.0.1');
    rude.write(
      'GET /v5/private HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await once(rude, 'data');
    const goodbye = once(polite, 'close');
    await venue.stop();
    venue = null;
    expect((await goodbye)[0]).toBe(1001);
    rude.destroy();
  });

  it('closes a stream nobody serves', async () => {
    venue = await runVenue();
    const stream = new WebSocket(`${venue.ws}/v5/public/option`);
    const [code] = await once(stream, 'close');
    expect(code).toBe(1001);
  });
});

describe('the control of the venue', () => {
  const ask = async (method: string, path: string, options: { token?: string; body?: unknown } = {}) => {
    const response = await fetch(`${venue?.http}${path}`, {
      method,
      headers: { authorization: `Bearer ${options.token ?? CONTROL_TOKEN}` },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };

  it('begins, lists and ends faults for the bearer of the control token alone', async () => {
    venue = await runVenue();
    const fault = { name: 'error-code', path: '/v5/market/time', code: 10016, executed: 'never' };
    expect((await ask('POST', '/venue/faults', { token: ADMIN_TOKEN, body: fault })).status).toBe(403);
    expect((await ask('POST', '/venue/faults', { token: 'guess', body: fault })).status).toBe(401);
    const begun = await ask('POST', '/venue/faults', { body: fault });
    expect(begun).toMatchObject({ status: 201, answer: { id: 1, name: 'error-code' } });
    const time = async () =>
      (await (await fetch(`${venue?.http}/v5/market/time`)).json()) as { retCode: number };
    expect((await time()).retCode).toBe(10016);
    const listed = await ask('GET', '/venue/faults', { token: ADMIN_TOKEN });
    expect(listed.answer).toMatchObject({
      active: [{ id: 1, strikes: 1, params: { code: 10016 } }],
      strikes: [{ id: 1, name: 'error-code', detail: 'GET /v5/market/time' }],
    });
    expect(await ask('DELETE', '/venue/faults/1')).toEqual({ status: 200, answer: { ended: 1 } });
    expect((await time()).retCode).toBe(0);
    await ask('POST', '/venue/faults', { body: fault });
    expect(await ask('DELETE', '/venue/faults?name=error-code')).toMatchObject({ answer: { ended: 1 } });
  });

  it('tells every way to misbehave with its parameters', async () => {
    venue = await runVenue();
    const { answer } = await ask('GET', '/venue/faults/kinds');
    const kinds = answer['kinds'] as { name: string; params: Record<string, unknown> }[];
    expect(kinds.length).toBeGreaterThan(50);
    expect(kinds.find(({ name }) => name === 'wick')?.params).toHaveProperty('pct');
  });

  it('tells what crossed the wire, by pages', async () => {
    venue = await runVenue();
    for (let count = 0; count < 3; count += 1) await fetch(`${venue.http}/v5/market/time`);
    const page = async (query: string) =>
      (await ask('GET', `/venue/wire${query}`)).answer['records'] as { sequence: number; kind: string }[];
    expect((await page('')).map(({ kind }) => kind)).toEqual([
      'request',
      'reply',
      'request',
      'reply',
      'request',
      'reply',
    ]);
    expect((await page('?after=2&limit=2')).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await page('?limit=1')).map(({ sequence }) => sequence)).toEqual([6]);
    expect((await ask('GET', '/venue/wire?after=2&limit=-1')).answer['error']).toBe(
      'limit takes a whole number',
    );
    expect((await ask('GET', '/venue/wire?after=x')).answer['error']).toBe('after takes a whole number');
  });

  it('carries out on sockets what faults do to answers', async () => {
    venue = await runVenue();
    const url = `${venue.http}/v5/market/time`;
    const strikeOnce = (name: string) =>
      ask('POST', '/venue/faults', { body: { name, count: 1, path: '/v5/market' } });
    await strikeOnce('connection-reset');
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    await strikeOnce('request-late');
    await expect(fetch(url)).rejects.toThrow();
    await strikeOnce('reply-lost');
    await expect(fetch(url, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    const socket = createConnection(venue.server.port, '127.0.0.1');
    await strikeOnce('reply-duplicated');
    socket.write('GET /v5/market/time HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let bytes = '';
    socket.on('data', (data) => {
      bytes += String(data);
    });
    await expect.poll(() => bytes.split('HTTP/1.1 200').length).toBe(3);
    socket.destroy();
    await ask('POST', '/venue/faults', { body: { name: 'stream-refused' } });
    const refused = new WebSocket(`${venue.ws}/v5/public/linear`);
    const [error] = await new Promise<[Error]>((resolve) =>
      refused.on('error', (failure) => resolve([failure])),
    );
    expect(error.message).toContain('503');
  });
});
