import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ensure } from '../src/core/base/assert.ts';
import { createBotsServer } from '../src/http/bots-server.ts';
import { LIST_HEADERS } from '../src/http/coin-list-body.ts';
import { systemTime } from '../src/platform/time.ts';
import { tokenVerifier } from '../test/http/bots-fixture.ts';
import { coinRow, FakeBotsApi } from '../test/http/fake-bots-api.ts';

/** What the parent learns: where to ask, and how much CPU time this process has used. */
export type ServingMessage =
  | { readonly kind: 'ready'; readonly rawPort: number; readonly botsPort: number; readonly bytes: number }
  | { readonly kind: 'cpu'; readonly microseconds: number };

const INSTRUMENTS = 583;

await main();

/** The bots server and, beside it in one process, the least that Node can do with the same bytes. */
async function main(): Promise<void> {
  const rows = Array.from({ length: INSTRUMENTS }, (_, index) => coinRow(`COIN${index}USDT`, index));
  const api = new FakeBotsApi(rows);
  const bytes = Buffer.from(JSON.stringify(api.coins()));
  const ignore = (): void => undefined;
  const bots = createBotsServer({
    api,
    auth: tokenVerifier(),
    time: systemTime,
    log: { warn: ignore, error: ignore },
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0',
  });
  const botsPort = await bots.listen();
  const rawPort = await listenRaw(bytes);
  const send = ensure(process.send?.bind(process), 'started by the bench as a child');
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    send({ kind: 'cpu', microseconds: user + system } satisfies ServingMessage);
  });
  process.on('disconnect', () => process.exit(0));
  send({ kind: 'ready', rawPort, botsPort, bytes: bytes.length } satisfies ServingMessage);
}

/** What Node does at least: the path names the headers sent, as few as can be (`/bare`) or ours (`/same`). */
function listenRaw(bytes: Buffer): Promise<number> {
  const zipped = gzipSync(bytes);
  const heads = { '/bare': headsOf({}), '/same': headsOf(LIST_HEADERS) };
  const server = createServer((request, response) => {
    const { headers, url } = request;
    const head = url === '/same' ? heads['/same'] : heads['/bare'];
    if (headers['if-none-match'] !== undefined) response.writeHead(304, head.unchanged).end();
    else if (headers['accept-encoding'] === 'gzip') response.writeHead(200, head.zipped(zipped)).end(zipped);
    else response.writeHead(200, head.plain(bytes)).end(bytes);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve((address as AddressInfo).port);
    });
  });
}

interface Heads {
  readonly unchanged: string[];
  plain(bytes: Buffer): string[];
  zipped(bytes: Buffer): string[];
}

function headsOf(more: Readonly<Record<string, string>>): Heads {
  const unchanged = Object.entries({ ...more, etag: '"1"' }).flat();
  const plain = ['content-type', 'application/json; charset=utf-8', ...unchanged, 'content-length'];
  const zipped = ['content-encoding', 'gzip', ...plain];
  return {
    unchanged,
    plain: (bytes) => [...plain, String(bytes.length)],
    zipped: (bytes) => [...zipped, String(bytes.length)],
  };
}
