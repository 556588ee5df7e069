import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { assert } from '../src/core/base/assert.ts';
import { sleep, systemTime } from '../src/platform/time.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { comparedRow, goalRow, percentile } from './figures.ts';
import type { ClientsMessage, ClientsRequest } from './push-clients.ts';
import type { PushMessage, PushRequest } from './push-server.ts';

const CLIENTS = 200;
const EVERY_MS = 50;
const RATIO_MAX = 1.1;
const P99_MS_MAX = 50;
/** Time for the last bytes to arrive. */
const SETTLE_MS = 300;

const SERVERS = ['raw', 'bots'] as const;
type Server = (typeof SERVERS)[number];

interface Figure {
  readonly cpuPerDelivery: number;
  readonly p99Ms: number;
}

/** Live messages to 200 pages: the bots server's stream against one buffer written to raw connections. */
export const pushBench: Bench = { name: 'push', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const server = fork(join(import.meta.dirname, 'push-server.ts'));
  const [ready] = (await once(server, 'message')) as [Extract<PushMessage, { kind: 'ready' }>];
  const clients = {
    raw: await openClients(`http://127.0.0.1:${ready.rawPort}/`, smoke),
    bots: await openClients(`http://127.0.0.1:${ready.botsPort}/api/stream?topics=coins`, smoke),
  };
  try {
    const figures: Record<Server, Figure[]> = { raw: [], bots: [] };
    for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 5); round += 1) {
      for (const to of SERVERS) {
        const figure = await fire(server, clients[to], {
          to,
          messages: smoke ? 10 : 80,
          count: countOf(smoke),
        });
        if (round >= 0) figures[to].push(figure);
      }
    }
    return tableOf(figures, ready.bytes, countOf(smoke));
  } finally {
    for (const child of [server, clients.raw, clients.bots]) child.disconnect();
  }
}

function countOf(smoke: boolean): number {
  return smoke ? 5 : CLIENTS;
}

async function openClients(url: string, smoke: boolean): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'push-clients.ts'));
  child.send({ kind: 'open', url, count: countOf(smoke) } satisfies ClientsRequest);
  await once(child, 'message');
  return child;
}

interface Volley {
  readonly to: Server;
  readonly messages: number;
  readonly count: number;
}

async function fire(server: ChildProcess, clients: ChildProcess, volley: Volley): Promise<Figure> {
  await agesOf(clients);
  const before = await cpuOf(server);
  const { to, messages, count } = volley;
  await asked<PushMessage>(server, { kind: 'send', to, messages, everyMs: EVERY_MS } satisfies PushRequest);
  await sleep(systemTime, SETTLE_MS);
  const used = (await cpuOf(server)) - before;
  const agesMs = await agesOf(clients);
  assert(agesMs.length === messages * count, `Every client of ${to} gets every message.`);
  // The wall clock has whole milliseconds: younger than one is one.
  return { cpuPerDelivery: used / agesMs.length, p99Ms: Math.max(1, percentile(agesMs, 99)) };
}

async function cpuOf(server: ChildProcess): Promise<number> {
  const answer = await asked<PushMessage>(server, { kind: 'cpu' } satisfies PushRequest);
  assert(answer.kind === 'cpu', 'The server tells its CPU time.');
  return answer.microseconds;
}

async function agesOf(clients: ChildProcess): Promise<readonly number[]> {
  const answer = await asked<ClientsMessage>(clients, { kind: 'ages' } satisfies ClientsRequest);
  assert(answer.kind === 'ages', 'The clients tell the ages.');
  return answer.agesMs;
}

async function asked<M>(child: ChildProcess, request: PushRequest | ClientsRequest): Promise<M> {
  const answered = once(child, 'message');
  child.send(request);
  const [answer] = (await answered) as [M];
  return answer;
}

function tableOf(figures: Record<Server, Figure[]>, bytes: number, count: number): BenchTable {
  const cpu = (server: Server): number[] => figures[server].map(({ cpuPerDelivery }) => cpuPerDelivery);
  const p99 = (server: Server): number[] => figures[server].map(({ p99Ms }) => p99Ms);
  const unit = 'us/delivery';
  return {
    title: `Live push of ${bytes} bytes to ${count} clients, 20 messages a second`,
    rows: [
      comparedRow({ name: 'one shared buffer, raw', unit, figures: cpu('raw') }, cpu('raw'), null),
      comparedRow({ name: 'bots server', unit, figures: cpu('bots') }, cpu('raw'), RATIO_MAX),
      goalRow({ name: 'one shared buffer, raw, p99', unit: 'ms', figures: p99('raw') }, null),
      goalRow({ name: 'bots server, p99', unit: 'ms', figures: p99('bots') }, P99_MS_MAX),
    ],
    notes: [
      'CPU is the server process alone; clients run in two other processes of the same machine.',
      'p99 is from making the message to its bytes in the client; its ratio is to the goal.',
    ],
  };
}
