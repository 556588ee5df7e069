import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bybitSigned } from './signed-read.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const POLL_MS = 50;
const START_WAIT_MS = 25_000;

/** How a process ended and everything it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Real processes of the product on free ports with a home of their own. */
export interface Product {
  readonly home: string;
  readonly ports: { readonly web: number; readonly bots: number; readonly venue: number };
  /** The supervisor. */
  readonly process: ChildProcess;
  output(): string;
  /** Process ids of the services by name, as the system shows them now. */
  services(): ReadonlyMap<string, number>;
  /** JSON of the bots service; throws on any answer but 2xx. */
  api(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** A signed read of the venue: what an exchange would say. */
  venueRows(path: string, query: string): Promise<readonly Record<string, string>[]>;
  exit(): Promise<Ended>;
}

const started: Product[] = [];
const commands = new Set<ChildProcess>();

/** Starts `infobot up` on a fresh home, or on one that was there; resolves when it says that it runs. */
export async function startProduct(
  args: readonly string[] = [],
  home: string = mkdtempSync(join(tmpdir(), 'infobot-crash-')),
): Promise<Product> {
  assertPageBuilt();
  const [web = 0, bots = 0, venue = 0] = await freePorts(3);
  const ports = { web, bots, venue };
  const child = launch(['up', '--seed', '7', '--instruments', '40', ...args], home, ports);
  const exit = ended(child);
  const product = productOf({ home, ports, child, exit });
  started.push(product);
  await until('the product runs', () => product.output().includes('Ctrl-C'), START_WAIT_MS);
  return product;
}

/** Runs a command of the product to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended & { readonly pid: number | undefined }> {
  const home = mkdtempSync(join(tmpdir(), 'infobot-crash-'));
  const [web = 0, bots = 0, venue = 0] = await freePorts(3);
  const child = launch(args, home, { web, bots, venue }, environment);
  commands.add(child);
  const result = await ended(child).promise;
  commands.delete(child);
  rmSync(home, { recursive: true, force: true });
  return { ...result, pid: child.pid };
}

/** Ends whatever a test left running and removes its home. */
export async function endProducts(): Promise<void> {
  for (const child of commands) child.kill('SIGKILL');
  for (const product of started.splice(0)) {
    const left = [...product.services().values()];
    if (product.process.exitCode === null && product.process.signalCode === null)
      product.process.kill('SIGKILL');
    for (const pid of left) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await product.exit();
    rmSync(product.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits for a condition; the error names it. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  waitMs = 15_000,
): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`Not within ${waitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Processes that name `text` in their command line or environment. */
export function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) => pid !== process.pid && `${procText(pid, 'cmdline')}${procText(pid, 'environ')}`.includes(text),
    );
}

function productOf(parts: {
  readonly home: string;
  readonly ports: Product['ports'];
  readonly child: ChildProcess;
  readonly exit: ReturnType<typeof ended>;
}): Product {
  const { home, ports, child, exit } = parts;
  return {
    home,
    ports,
    process: child,
    output: exit.output,
    services: () => servicesOf(home),
    api: async (method, path, body) => {
      const tokens = JSON.parse(readFileSync(join(home, 'service-tokens.json'), 'utf8'));
      const response = await fetch(`http://127.0.0.1:${ports.bots}${path}`, {
        method,
        headers: { authorization: `Bearer ${tokens.cli}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return response.json();
    },
    venueRows: (path, query) =>
      bybitSigned(`http://127.0.0.1:${ports.venue}`, join(home, 'venue-key.json'), path, query),
    exit: () => exit.promise,
  };
}

function launch(
  args: readonly string[],
  home: string,
  ports: Product['ports'],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [join(root, 'bin', 'infobot.mjs'), ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      INFOBOT_HOME: home,
      INFOBOT_WEB_PORT: String(ports.web),
      INFOBOT_BOTS_PORT: String(ports.bots),
      INFOBOT_VENUE_PORT: String(ports.venue),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): { readonly promise: Promise<Ended>; readonly output: () => string } {
  let output = '';
  const promise = new Promise<Ended>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      output += String(chunk);
    });
    child.once('exit', (code, signal) => resolve({ code, signal, output }));
  });
  return { promise, output: () => output };
}

function servicesOf(home: string): ReadonlyMap<string, number> {
  const found = processesNaming(`INFOBOT_HOME=${home}\0`).flatMap((pid): [string, number][] => {
    const name = /cli\/main\.ts\0(venue|bots|web)\0/.exec(procText(pid, 'cmdline'))?.[1];
    return name === undefined || !isAlive(pid) ? [] : [[name, pid]];
  });
  return new Map(found);
}

function procText(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Ended meanwhile, or another user's.
    return '';
  }
}

/** Ports nobody listens on now. */
export function freePorts(count: number): Promise<readonly number[]> {
  const one = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
  return Promise.all(Array.from({ length: count }, one));
}

function assertPageBuilt(): void {
  if (!existsSync(join(root, 'dist', 'web', 'index.html'))) {
    throw new Error(
      'The page is not built, and web refuses to start without it: run "npm test", which builds it.',
    );
  }
}
