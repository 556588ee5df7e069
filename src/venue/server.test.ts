import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_TOKEN, type RunningVenue, runVenue } from '../../test/conformance/venue-fixture.ts';

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
