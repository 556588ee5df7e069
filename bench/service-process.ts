import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
/** Compiled code of the services, kept between rounds: only the first start of an installation is without. */
const COMPILE_CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'infobot');

/** A folder and ports of its own: what runs in it never meets an InfoBot that is in use. */
export interface Place {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: { readonly web: number; readonly bots: number; readonly venue: number };
  remove(): void;
}

export async function makePlace(): Promise<Place> {
  const home = mkdtempSync(join(tmpdir(), 'infobot-bench-'));
  const [web, bots, venue] = await freePorts();
  const environment = {
    PATH: process.env['PATH'] ?? '',
    INFOBOT_HOME: home,
    INFOBOT_WEB_PORT: String(web),
    INFOBOT_BOTS_PORT: String(bots),
    INFOBOT_VENUE_PORT: String(venue),
    INFOBOT_LOG_LEVEL: 'error',
    INFOBOT_LOG_FORMAT: 'json',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  };
  return {
    home,
    environment,
    ports: { web, bots, venue },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A process of ours that has said it is ready. */
export interface Service {
  readonly child: ChildProcess;
  readonly pid: number;
  /** From its start until it served. */
  readonly readyMs: number;
  /** Asks it to end and waits. */
  end(): Promise<void>;
}

/** Starts a service by the command line and waits until it serves. Stops when it does not. */
export async function startService(
  place: Place,
  words: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<Service> {
  const startMs = systemTime.monotonicMs();
  const child = spawn(process.execPath, [...nodeFlags, MAIN, ...words], {
    env: { ...place.environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`infobot ${words.join(' ')} ended before it served.`);
  });
  await Promise.race([once(child, 'message'), failed]);
  const readyMs = systemTime.monotonicMs() - startMs;
  failed.catch(() => undefined);
  return { child, pid: ensure(child.pid ?? null, 'It runs.'), readyMs, end: () => endChild(child) };
}

/** Asks a child to end and waits for it. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Resident memory of a process, MB. Linux only. */
export function residentMb(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(ensure(found?.[1] ?? null, 'The system tells resident memory.')) * 1024) / 1e6;
}

/** CPU time a process has used since its start, all threads, ms. Linux only; in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Three ports nobody listens on, found by asking the system for them all at once. */
async function freePorts(): Promise<readonly [number, number, number]> {
  const servers = await Promise.all([1, 2, 3].map(() => openServer()));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [web = 0, bots = 0, venue = 0] = ports;
  return [web, bots, venue];
}

async function openServer() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
