import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { readServiceTokens } from '../src/access/service-tokens.ts';
import { ensure } from '../src/core/base/assert.ts';
import { sleep, systemTime } from '../src/platform/time.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { goalRow } from './figures.ts';
import { INSTRUMENTS } from './market.ts';
import { cpuMs, endChild, makePlace, type Place, residentMb, startService } from './service-process.ts';

const LISTENING_MS_MAX = 500;
const FIRST_PAGE_MS_MAX = 5000;
const BOTS_MB_MAX = 160;
const IDLE_PCT_MAX = 2;
const LAUNCHER = join(import.meta.dirname, '..', 'bin', 'infobot.mjs');
const SERVICES = ['venue', 'bots', 'web'] as const;
type ServiceName = (typeof SERVICES)[number];

/** Start of the services, their memory and idle CPU, as `infobot up` runs them. */
export const startupBench: Bench = { name: 'startup', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const bare: number[] = [];
  const listening: number[] = [];
  for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 5); round += 1) {
    const bareMs = await bareNode();
    const listeningMs = await botsListening();
    if (round < 0) continue;
    bare.push(bareMs);
    listening.push(listeningMs);
  }
  const whole = await wholeProduct(smoke);
  return {
    title: `Start, memory and idle CPU of the services, ${whole.instruments} instruments of a demo market`,
    rows: [
      goalRow({ name: 'node -e 0', unit: 'ms', figures: bare }, null),
      goalRow(
        { name: 'infobot bots, start until it listens', unit: 'ms', figures: listening },
        LISTENING_MS_MAX,
      ),
      goalRow(
        { name: 'infobot up, start until a row has its RSI', unit: 'ms', figures: [whole.firstPageMs] },
        FIRST_PAGE_MS_MAX,
      ),
      goalRow(
        { name: 'infobot up, start until every row has', unit: 'ms', figures: [whole.allRowsMs] },
        null,
      ),
      ...SERVICES.map((name) =>
        goalRow(
          { name: `${name}, memory`, unit: 'MB', figures: [whole.memoryMb[name]] },
          name === 'bots' ? BOTS_MB_MAX : null,
        ),
      ),
      ...SERVICES.map((name) =>
        goalRow(
          { name: `${name}, idle CPU`, unit: '%', figures: [Math.max(0.01, whole.idlePct[name])] },
          name === 'bots' ? IDLE_PCT_MAX : null,
        ),
      ),
    ],
    notes: [
      'A ratio is to the goal. Services start with the compiled code of an earlier start; the very first one of an installation takes about twice as long and 25 MB more.',
      `Memory is resident, the program text of Node (55 MB) included. Idle CPU is over ${whole.idleSeconds} s, of one core, all threads, no page open, a candle message a second for each moving instrument.`,
    ],
  };
}

async function bareNode(): Promise<number> {
  const startMs = systemTime.monotonicMs();
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
  return systemTime.monotonicMs() - startMs;
}

/** It listens before it has reached its exchange, so none runs. */
async function botsListening(): Promise<number> {
  const place = await makePlace();
  const bots = await startService(place, ['bots']);
  await bots.end();
  place.remove();
  return bots.readyMs;
}

interface Whole {
  readonly instruments: number;
  readonly firstPageMs: number;
  readonly allRowsMs: number;
  readonly idleSeconds: number;
  readonly memoryMb: Readonly<Record<ServiceName, number>>;
  readonly idlePct: Readonly<Record<ServiceName, number>>;
}

async function wholeProduct(smoke: boolean): Promise<Whole> {
  const place = await makePlace();
  const startMs = systemTime.monotonicMs();
  const count = String(smoke ? 20 : INSTRUMENTS + 17);
  const supervisor = spawn(process.execPath, [LAUNCHER, 'up', '--seed', '7', '--instruments', count], {
    env: { ...place.environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const first = await untilRows(place, (rows) => rows.some(({ rsi }) => rsi !== null));
    const firstPageMs = systemTime.monotonicMs() - startMs;
    const all = await untilRows(place, (rows) => rows.length > 0 && rows.every(({ candles }) => candles > 0));
    const allRowsMs = systemTime.monotonicMs() - startMs;
    ensure(first[0] ?? null, 'The first page has rows.');
    const pids = servicesOf(ensure(supervisor.pid ?? null, 'It runs.'));
    const idleSeconds = smoke ? 1 : 60;
    if (!smoke) await sleep(systemTime, 5000);
    const before = eachService((name) => cpuMs(pids[name]));
    await sleep(systemTime, idleSeconds * 1000);
    return {
      instruments: all.length,
      firstPageMs,
      allRowsMs,
      idleSeconds,
      memoryMb: eachService((name) => residentMb(pids[name])),
      idlePct: eachService((name) => (cpuMs(pids[name]) - before[name]) / idleSeconds / 10),
    };
  } finally {
    await endChild(supervisor);
    place.remove();
  }
}

function eachService(figure: (name: ServiceName) => number): Record<ServiceName, number> {
  return { venue: figure('venue'), bots: figure('bots'), web: figure('web') };
}

/** The supervisor's children by the word after the program's name. Linux only. */
function servicesOf(supervisor: number): Record<ServiceName, number> {
  const found = new Map<string, number>();
  for (const folder of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const facts = read(`/proc/${folder}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    if (Number(facts[1]) !== supervisor) continue;
    const words = read(`/proc/${folder}/cmdline`).split('\0');
    found.set(words[words.findIndex((word) => word.endsWith('main.ts')) + 1] ?? '', Number(folder));
  }
  return eachService((name) => ensure(found.get(name) ?? null, `The ${name} service runs.`));
}

/** Empty for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

interface Row {
  readonly rsi: number | null;
  readonly candles: number;
}

/** Asks for the scan table until it satisfies; what web asks for when a page opens. */
async function untilRows(
  place: Place,
  satisfied: (rows: readonly Row[]) => boolean,
): Promise<readonly Row[]> {
  for (;;) {
    const rows = await rowsNow(place);
    if (satisfied(rows) && (await isServing(place.ports.web))) return rows;
    await sleep(systemTime, 20);
  }
}

/** Empty while the service does not answer. */
async function rowsNow({ home, ports }: Place): Promise<readonly Row[]> {
  const tokens = await readServiceTokens(home);
  if (!tokens.ok) return [];
  try {
    const headers = { authorization: `Bearer ${tokens.value.cli}` };
    const answer = await fetch(`http://127.0.0.1:${ports.bots}/api/coins`, { headers });
    return answer.ok ? ((await answer.json()) as { rows: readonly Row[] }).rows : [];
  } catch {
    return [];
  }
}

function isServing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/' }, (answer) => {
      answer.resume();
      resolve(true);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
