import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemTime } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { socketRequests } from './socket-request.ts';
import type { HttpOutcome, HttpRequest } from './transport.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function requestsTo(host: string, time = systemTime): (request: HttpRequest) => Promise<HttpOutcome> {
  const send = socketRequests('http:', time);
  return (request) => send(new URL(`http://${host}${request.path}`), request);
}

const GET: HttpRequest = { method: 'GET', path: '/v5/x', query: '', body: '', headers: {}, timeoutMs: 5000 };

describe('a request over a socket', () => {
  it('has no answer when the body is not complete in time', async () => {
    const time = new VirtualTime(0);
    let began: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (began = resolve));
    const { host } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"retCode":0', () => began());
    });
    const outcome = requestsTo(host, time)(GET);
    await started;
    await time.advance(5000);
    expect(await outcome).toEqual({ kind: 'no-answer', detail: 'nothing within 5000 ms' });
  });

  it('goes over the connection of the one before', async () => {
    const { host, server } = await serve((_request, response) => response.end('{}'));
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const request = requestsTo(host);
    for (let turn = 0; turn < 3; turn += 1) await request(GET);
    expect(connections).toBe(1);
  });

  it('is not sent again when the connection of the one before is cut under it', async () => {
    let asked = 0;
    const { host } = await serve((request, response) => {
      asked += 1;
      if (asked === 1) response.end('{}');
      else request.socket.destroy();
    });
    const request = requestsTo(host);
    expect((await request(GET)).kind).toBe('answered');
    const write = { ...GET, method: 'POST', body: '{}' } as const;
    expect((await request(write)).kind).toBe('no-answer');
    expect(asked).toBe(2);
  });

  it('waits for no other: each has a connection of its own', async () => {
    const open: ServerResponse[] = [];
    const { host } = await serve((request, response) => {
      if (request.method === 'GET') open.push(response);
      else response.end('{}');
    });
    const request = requestsTo(host);
    const reads = Array.from({ length: 80 }, () => request(GET));
    expect((await request({ ...GET, method: 'POST', body: '{}' })).kind).toBe('answered');
    while (open.length < 80) await new Promise((resolve) => setImmediate(resolve));
    for (const response of open) response.end('{}');
    expect((await Promise.all(reads)).every(({ kind }) => kind === 'answered')).toBe(true);
  });

  it('is answered with text that may be packed, and says so', async () => {
    let accepted: string | undefined;
    const { host } = await serve((request, response) => {
      accepted = request.headers['accept-encoding'];
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"price":"1 €"}'));
    });
    expect(await requestsTo(host)(GET)).toMatchObject({ status: 200, body: '{"price":"1 €"}' });
    expect(accepted).toBe('gzip');
  });

  it.each<readonly [string, string, Buffer]>([
    ['damaged', 'gzip', gzipSync('{"retCode":0}').subarray(0, 20)],
    ['in a way nobody asked for', 'br', Buffer.from('{}')],
    ['to hide more than 32 MiB', 'gzip', gzipSync(Buffer.alloc(33 * 1024 * 1024))],
  ])('has no answer when it is packed %s', async (_name, encoding, bytes) => {
    const { host } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes);
    });
    expect(await requestsTo(host)(GET)).toMatchObject({ kind: 'no-answer' });
  });
});
