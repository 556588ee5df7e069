import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { assert, ensure } from '../src/core/base/assert.ts';
import type { Bench, BenchOptions, BenchRow, BenchTable } from './bench.ts';
import type { ServingMessage } from './serving-server.ts';

/** `>= 0.9 x` of the raw server's requests is `<= 1 / 0.9` of its time. */
const RATIO_MAX = 1.11;
const CONNECTIONS = 64;

/** One way to ask for the scan table. */
interface Way {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 200 | 304;
}

/** One run of one server. */
interface Figure {
  readonly requestsPerSecond: number;
  readonly cpuPerRequest: number;
  readonly p99Ms: number;
}

type Ready = Extract<ServingMessage, { kind: 'ready' }>;

/** The scan table of 583 rows as the bots server serves it, beside raw `node:http` with the same cached bytes. */
export const servingBench: Bench = { name: 'serving', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const child = fork(join(import.meta.dirname, 'serving-server.ts'));
  try {
    const ready = await message(child, 'ready');
    const rows: BenchRow[] = [];
    const notes = [
      `${ready.bytes} bytes plain, ${CONNECTIONS} connections, client on the same machine.`,
      'CPU is the server process alone: it stays true while the client is the slower side.',
      'Yardstick: raw node:http that sends the same headers; bare: with content headers and tag only.',
    ];
    const ways = await waysOf(ready);
    for (const way of smoke ? ways.slice(0, 1) : ways) {
      const figures = await rounds(child, { ready, way, smoke });
      rows.push(...rowsOf(way, figures));
      notes.push(noteOf(way, figures));
    }
    return {
      title: 'Scan table of 583 rows over HTTP, against raw node:http with a cached buffer',
      rows,
      notes,
    };
  } finally {
    child.disconnect();
  }
}

async function waysOf({ botsPort }: Ready): Promise<readonly Way[]> {
  const answer = await fetch(`http://127.0.0.1:${botsPort}/api/coins`, { headers: OWN_HEADERS });
  const etag = ensure(answer.headers.get('etag'), 'The scan table has a tag.');
  await answer.arrayBuffer();
  return [
    { name: 'plain', headers: OWN_HEADERS, status: 200 },
    { name: 'gzip', headers: { ...OWN_HEADERS, 'accept-encoding': 'gzip' }, status: 200 },
    { name: '304', headers: { ...OWN_HEADERS, 'if-none-match': etag }, status: 304 },
  ];
}

const OWN_HEADERS = { authorization: 'Bearer viewer' };

/** The first is the yardstick. */
const SERVERS = ['raw node:http', 'raw node:http, bare', 'bots server'] as const;
type Server = (typeof SERVERS)[number];
type Rounds = Readonly<Record<Server, Figure[]>>;

/** Rounds in turn, so that a slow minute of the machine falls on all; the first warms up. */
async function rounds(
  child: ChildProcess,
  { ready, way, smoke }: { readonly ready: Ready; readonly way: Way; readonly smoke: boolean },
): Promise<Rounds> {
  const raw = `http://127.0.0.1:${ready.rawPort}`;
  const urls: Readonly<Record<Server, string>> = {
    'raw node:http': `${raw}/same`,
    'raw node:http, bare': `${raw}/bare`,
    'bots server': `http://127.0.0.1:${ready.botsPort}/api/coins`,
  };
  const found: Rounds = { 'raw node:http': [], 'raw node:http, bare': [], 'bots server': [] };
  for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 7); round += 1) {
    for (const server of SERVERS) {
      const figure = await fire(child, {
        url: urls[server],
        ...way,
        seconds: smoke ? 1 : 2,
      });
      if (round >= 0) found[server].push(figure);
    }
  }
  return found;
}

interface Shot {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly seconds: number;
}

async function fire(child: ChildProcess, { url, headers, status, seconds }: Shot): Promise<Figure> {
  const before = await cpu(child);
  const result = await autocannon({ url, headers, duration: seconds, connections: CONNECTIONS });
  const used = (await cpu(child)) - before;
  const { total } = result.requests;
  const answered = result.statusCodeStats[String(status)]?.count ?? 0;
  assert(answered === total && total > 0, `Every request of ${url} is answered with ${status}.`);
  return {
    requestsPerSecond: result.requests.average,
    cpuPerRequest: used / total,
    p99Ms: result.latency.p99,
  };
}

async function cpu(child: ChildProcess): Promise<number> {
  child.send('cpu');
  return (await message(child, 'cpu')).microseconds;
}

/** The child's next message, which must be of `kind`. */
async function message<K extends ServingMessage['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<ServingMessage, { kind: K }>> {
  const [received] = (await once(child, 'message')) as [Extract<ServingMessage, { kind: K }>];
  assert(received.kind === kind, `The server process says ${kind}.`);
  return received;
}

function rowsOf({ name }: Way, found: Rounds): readonly BenchRow[] {
  return SERVERS.flatMap((server) => [
    row(`${name}, ${server}`, found, { server, measure: (figure) => 1e6 / figure.requestsPerSecond }),
    row(`${name}, ${server}, CPU`, found, { server, measure: (figure) => figure.cpuPerRequest }),
  ]);
}

interface RowPart {
  readonly server: Server;
  readonly measure: (figure: Figure) => number;
}

function row(name: string, found: Rounds, { server, measure }: RowPart): BenchRow {
  const figures = found[server].map(measure);
  const yardstick = found[SERVERS[0]].map(measure);
  return {
    name,
    unit: 'us/req',
    median: median(figures),
    min: Math.min(...figures),
    max: Math.max(...figures),
    ratio: median(figures.map((figure, round) => figure / (yardstick[round] ?? Number.NaN))),
    ratioMax: server === 'bots server' ? RATIO_MAX : null,
  };
}

function noteOf({ name }: Way, found: Rounds): string {
  const parts = SERVERS.map((server) => {
    const perSecond = Math.round(median(found[server].map((figure) => figure.requestsPerSecond)));
    const p99Ms = median(found[server].map((figure) => figure.p99Ms));
    return `${server} ${perSecond.toLocaleString('en')} req/s, p99 ${p99Ms} ms`;
  });
  return `${name}: ${parts.join('; ')}.`;
}

/** The middle value; rounds are odd in number. */
function median(figures: readonly number[]): number {
  return ensure(figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)], 'There is a round.');
}
