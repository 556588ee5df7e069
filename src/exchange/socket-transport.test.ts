import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemTime } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { createSocketTransport } from './socket-transport.ts';
import type { HttpRequest } from './transport.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: Answer): Promise<{ readonly host: string; readonly server: Server }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function transportTo(host: string, time = systemTime) {
  return createSocketTransport({
    httpBase: `http://${host}`,
    wsBase: `ws://${host}`,
    allowedHosts: [host],
    time,
  });
}

const GET: HttpRequest = { method: 'GET', path: '/v5/x', query: '', body: '', headers: {}, timeoutMs: 5000 };

describe('a request over sockets', () => {
  it('arrives byte for byte as it was signed', async () => {
    const seen: unknown[] = [];
    const { host } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers['x-bapi-sign'], body]);
        response.setHeader('X-Bapi-Limit', '10').end('{"ok":1}');
      });
    });
    const transport = transportTo(host);
    const query = 'category=linear&cursor=a%3A1%2Cb';
    const read = await transport.request({ ...GET, query, headers: { 'X-BAPI-SIGN': 'abc' } });
    expect(read).toMatchObject({
      kind: 'answered',
      status: 200,
      body: '{"ok":1}',
      headers: { 'x-bapi-limit': '10' },
    });
    await transport.request({
      ...GET,
      method: 'POST',
      body: '{"qty":"0.10"}',
      headers: { 'X-BAPI-SIGN': 'def' },
    });
    expect(seen).toEqual([
      ['GET', `/v5/x?${query}`, 'abc', ''],
      ['POST', '/v5/x', 'def', '{"qty":"0.10"}'],
    ]);
  });

  it('is not sent when its query would be changed on the way', async () => {
    let asked = 0;
    const { host } = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    expect(await transportTo(host).request({ ...GET, query: 'a=b c' })).toMatchObject({ kind: 'not-sent' });
    expect(asked).toBe(0);
  });

  it('is not sent when nobody listens', async () => {
    const { host, server } = await serve((_request, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    expect(await transportTo(host).request(GET)).toEqual({ kind: 'not-sent', detail: 'ECONNREFUSED' });
  });

  it.each<readonly [string, Answer]>([
    ['is cut before a reply', (request) => request.socket.destroy()],
    [
      'is cut inside the reply',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"retCode":0');
        setTimeout(() => response.socket?.destroy(), 20);
      },
    ],
    ['is answered with noise', (request) => (request.socket as Socket).end('no HTTP at all\r\n\r\n')],
  ])('that %s has no answer, and is not sent again', async (_name, answer) => {
    let asked = 0;
    const { host } = await serve((request, response) => {
      asked += 1;
      answer(request, response);
    });
    const outcome = await transportTo(host).request({ ...GET, method: 'POST', body: '{}' });
    expect(outcome.kind).toBe('no-answer');
    expect(asked).toBe(1);
  });

  it('has no answer when none comes in time', async () => {
    const time = new VirtualTime(0);
    const { host } = await serve(() => undefined);
    const outcome = transportTo(host, time).request(GET);
    await time.advance(5000);
    expect(await outcome).toEqual({ kind: 'no-answer', detail: 'nothing within 5000 ms' });
  });

  it('does not follow a redirect', async () => {
    const other = await serve((_request, response) => response.end('elsewhere'));
    const { host } = await serve((_request, response) => {
      response.writeHead(307, { location: `http://${other.host}/v5/x` }).end();
    });
    expect(await transportTo(host).request(GET)).toMatchObject({ kind: 'answered', status: 307, body: '' });
  });

  it('reads no more than 32 MiB', async () => {
    const { host } = await serve((_request, response) => {
      const block = Buffer.alloc(1024 * 1024, 120);
      const more = (): void => {
        if (!response.writableEnded && !response.destroyed)
          response.write(block, (error) => (error ? undefined : more()));
      };
      more();
    });
    expect(await transportTo(host).request(GET)).toMatchObject({ kind: 'no-answer' });
  });
});

describe('the hosts it speaks to', () => {
  const options = { wsBase: 'wss://stream.bybit.com', time: systemTime };

  it.each([
    [
      'a host that is not on the list',
      'https://api.bybit.com.evil.example',
      ['api.bybit.com', 'stream.bybit.com'],
    ],
    [
      'another port of a listed host',
      'https://api.bybit.com:8443',
      ['api.bybit.com:443', 'stream.bybit.com'],
    ],
    ['plain text to another machine', 'http://api.bybit.com', ['api.bybit.com', 'stream.bybit.com']],
    [
      'a name and password in front',
      'https://api.bybit.com@evil.example',
      ['api.bybit.com', 'stream.bybit.com'],
    ],
    ['a path', 'https://api.bybit.com/proxy', ['api.bybit.com', 'stream.bybit.com']],
    ['a stream host that is not on the list', 'https://api.bybit.com', ['api.bybit.com']],
  ])('do not include %s', (_name, httpBase, allowedHosts) => {
    expect(() => createSocketTransport({ ...options, httpBase, allowedHosts })).toThrow();
  });

  it('include those listed', () => {
    const allowedHosts = ['api.bybit.com', 'stream.bybit.com'];
    expect(() =>
      createSocketTransport({ ...options, httpBase: 'https://api.bybit.com', allowedHosts }),
    ).not.toThrow();
  });

  it('cannot be changed by a path', async () => {
    const { host } = await serve((_request, response) => response.end());
    await expect(transportTo(host).request({ ...GET, path: '@evil.example/' })).rejects.toThrow(
      'another host',
    );
  });
});

describe('a channel over a socket', () => {
  async function sockets(onConnection: (socket: import('ws').WebSocket) => void) {
    const { host, server } = await serve((_request, response) => response.end());
    const upgrade = new WebSocketServer({ server });
    upgrade.on('connection', onConnection);
    return { host, upgrade };
  }

  function opened(host: string, path = '/v5/public/linear') {
    const events: string[] = [];
    let wake: () => void = () => undefined;
    const note = (event: string): void => {
      events.push(event);
      wake();
    };
    const channel = transportTo(host).openChannel(path, {
      onOpen: () => note('open'),
      onMessage: (text) => note(`message ${text}`),
      onClose: () => note('close'),
    });
    const until = async (event: string): Promise<void> => {
      while (!events.includes(event)) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { channel, events, until };
  }

  it('carries text both ways until one side closes, and tells the end once', async () => {
    const { host } = await sockets((socket) => {
      socket.on('message', (text) => {
        socket.send(`echo ${text}`);
        socket.close();
      });
    });
    const { channel, events, until } = opened(host);
    expect(channel.send('too early')).toBe(false);
    await until('open');
    expect(channel.send('hello')).toBe(true);
    await until('close');
    expect(channel.send('too late')).toBe(false);
    channel.close();
    expect(events).toEqual(['open', 'message echo hello', 'close']);
  });

  it('ends on a binary message', async () => {
    const { host } = await sockets((socket) => socket.send(Buffer.from([1, 2])));
    const { events, until } = opened(host);
    await until('close');
    expect(events.filter((event) => event.startsWith('message'))).toEqual([]);
  });

  it('ends when nobody listens', async () => {
    const { host, server } = await serve((_request, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    const { events, until } = opened(host);
    await until('close');
    expect(events).toEqual(['close']);
  });
});
