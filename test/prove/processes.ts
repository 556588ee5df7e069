import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts, until } from '../crash/product.ts';
import { onInterruption } from './interruption.ts';

/** A service under test and how it ended. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when the process is gone, killed or not. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** To it and to what traces it; nothing when it is gone. */
  signal(signal: NodeJS.Signals): void;
}

/** A bots process over the pair's home. */
export interface Bots extends Running {
  /** Monotonic time of the start, ms. */
  readonly startedMs: number;
  /** Milliseconds since its start that it or the venue was ready to run and had no processor. */
  waitedMs(): number;
}

/** How long a start took. */
export interface Readiness {
  readonly wallMs: number;
  /** The same without the time in which other programs had the processors. */
  readonly ownMs: number;
  /** What it last said it was waiting for; empty when it was ready at the first question. */
  readonly waitedFor: string;
}

export interface BotsStart {
  /** Command and arguments put before node, such as a tracer; none when absent. */
  readonly wrapper?: readonly string[];
  /** Modules loaded before the product. */
  readonly preload?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The demo exchange and the bots service as processes of their own, without a supervisor. */
export interface Pair {
  readonly home: string;
  readonly venueUrl: string;
  startBots(start?: BotsStart): Bots;
  /** JSON of the bots service; null when it cannot be reached or answers anything but 2xx. */
  api(method: string, path: string, body?: object): Promise<Record<string, unknown> | null>;
  /** The same where no answer is a failure of the harness: throws with what was said instead. */
  order(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** JSON of the venue's own reports and switches; throws on any answer but 2xx. */
  venue(method: string, path: string, body?: object): Promise<unknown>;
  /** The last that the bots processes printed. */
  lastWords(): string;
  /** Ends what still runs and removes the home. */
  end(): Promise<void>;
}

export interface PairOptions {
  readonly seed: number;
  readonly instruments: number;
  /** An existing empty folder for the bots service, which the caller removes; the venue's own when absent. */
  readonly home?: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'bin', 'infobot.mjs');
/** What venue and bots know each other by. */
const SHARED = ['venue-key.json', 'service-tokens.json', 'access.db'];
const LAST_WORDS_LETTERS = 2_000;
const ANSWER_WAIT_MS = 5_000;
const LOOK_MS = 40;
const STUCK_MS = 120_000;
const VENUE_WAIT_MS = 20_000;

/** Starts the venue; the bots service is started, and killed, by the caller. */
export async function startPair(options: PairOptions): Promise<Pair> {
  const venueHome = mkdtempSync(join(tmpdir(), 'infobot-prove-'));
  const home = options.home ?? venueHome;
  const [web = 0, bots = 0, venue = 0] = await freePorts(3);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    INFOBOT_HOME: venueHome,
    INFOBOT_WEB_PORT: String(web),
    INFOBOT_BOTS_PORT: String(bots),
    INFOBOT_VENUE_PORT: String(venue),
  };
  const venueUrl = `http://127.0.0.1:${venue}`;
  const market = ['--seed', `${options.seed}`, '--instruments', `${options.instruments}`, '--scale', 'demo'];
  const venueProcess = launch([main, 'venue', ...market], environment, join(venueHome, 'venue.out'));
  const all: Running[] = [venueProcess];
  const killAll = (): void => {
    for (const { signal } of all) signal('SIGKILL');
  };
  const calledOff = onInterruption(killAll);
  const pair: Pair = {
    home,
    venueUrl,
    startBots: ({ wrapper = [], preload = [], environment: own = {} } = {}) => {
      const imports = preload.flatMap((file) => ['--import', file]);
      const command = [...wrapper, process.execPath, ...imports, main, 'bots', '--timeframe', '1m'];
      const startedMs = performance.now();
      const running = launch(command, { ...environment, INFOBOT_HOME: home, ...own }, join(home, 'bots.out'));
      all.push(running);
      const before = processorWaitMs(venueProcess);
      const waitedMs = (): number => processorWaitMs(running) + processorWaitMs(venueProcess) - before;
      return { ...running, startedMs, waitedMs };
    },
    lastWords: () => readFileSync(join(home, 'bots.out'), 'utf8').slice(-LAST_WORDS_LETTERS),
    // Killed, starting, or too busy: no answer is all there is to know.
    api: (method, path, body) => botsAnswer(home, bots, { method, path, body }).catch(() => null),
    order: (method, path, body) => botsAnswer(home, bots, { method, path, body }),
    venue: (method, path, body) => venueAnswer(venueHome, venueUrl, { method, path, body }),
    end: async () => {
      killAll();
      await Promise.all(all.map(({ gone }) => gone));
      rmSync(venueHome, { recursive: true, force: true, maxRetries: 5 });
      calledOff();
    },
  };
  try {
    await until('the venue serves', () => serves(pair), VENUE_WAIT_MS);
    if (home !== venueHome) for (const file of SHARED) copyFileSync(join(venueHome, file), join(home, file));
  } catch (error) {
    await pair.end();
    throw error;
  }
  return pair;
}

/** Its own process group: a tracer and what it traces end together. */
function launch(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  output: string,
): Running {
  const [first = '', ...rest] = command[0] === main ? [process.execPath, ...command] : command;
  const log = openSync(output, 'a');
  const child = spawn(first, rest, { env: environment, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      ended = true;
      resolve();
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    if (!ended && child.pid !== undefined) signalGroup(child.pid, name);
  };
  return { child, gone, isGone: () => ended, signal };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** How long a process's main thread was kept from running by others, ms; 0 when it is gone. */
function processorWaitMs({ child }: Running): number {
  try {
    const [, waitedNs = '0'] = readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1_000_000;
  } catch {
    // Gone, or a system that does not count it.
    return 0;
  }
}

/** Waits until it may trade; null when it died before. Throws when it never comes that far. */
export async function untilReady(pair: Pair, bots: Bots): Promise<Readiness | null> {
  let waitedFor = '';
  while (!bots.isGone()) {
    const status = await pair.api('GET', '/api/status');
    const wallMs = performance.now() - bots.startedMs;
    if (status?.['mode'] === 'ready') return { wallMs, ownMs: wallMs - bots.waitedMs(), waitedFor };
    waitedFor = String(status?.['modeReason'] ?? 'it does not serve');
    if (wallMs > STUCK_MS)
      throw new Error(`Not ready after ${STUCK_MS} ms: ${waitedFor}. It printed: ${pair.lastWords()}`);
    await pause(LOOK_MS);
  }
  return null;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

async function botsAnswer(home: string, port: number, asked: Asked): Promise<Record<string, unknown>> {
  const tokens = JSON.parse(readFileSync(join(home, 'service-tokens.json'), 'utf8'));
  const response = await ask(`http://127.0.0.1:${port}`, tokens.cli, asked);
  if (!response.ok) throw new Error(`${asked.path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function venueAnswer(home: string, url: string, asked: Asked): Promise<unknown> {
  const { token } = JSON.parse(readFileSync(join(home, 'venue-control.json'), 'utf8'));
  const response = await ask(url, token, asked);
  if (!response.ok) throw new Error(`${asked.path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function ask(base: string, token: string, { method, path, body }: Asked): Promise<Response> {
  return fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_WAIT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function serves(pair: Pair): Promise<boolean> {
  try {
    await pair.venue('GET', '/venue/state');
    return true;
  } catch {
    // Not yet.
    return false;
  }
}
