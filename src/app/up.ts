import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../core/base/result.ts';
import { prepareHome } from '../platform/home.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { checkPort } from '../platform/port-check.ts';
import { findFileHolder, type PortHolder } from '../platform/port-holder.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { systemTime } from '../platform/time.ts';
import type { AppConfig } from './config.ts';
import { takenText } from './port-taken.ts';
import { mintServiceSecrets } from './service-secrets.ts';
import { mintSignInLink } from './sign-in.ts';
import { failureOf, type StartFailure } from './start-failure.ts';
import { type StartedDemo, startedDemo } from './started-demo.ts';
import { StartRefused, SupervisedChild } from './supervised-child.ts';
import { exitCodeOf } from './usage-error.ts';

/** What `infobot up` was asked for. */
export interface UpOptions {
  /** Folder of candle files to replay; null for the synthetic market. */
  readonly replay: string | null;
  /** Timeframe to trade; null for the demo's own. */
  readonly timeframe: string | null;
  /** Seed of the market; null for the demo account's, or a new one. */
  readonly seed: number | null;
  /** How many synthetic instruments; null for the demo account's, or the usual number. */
  readonly instruments: number | null;
  /** Opens a new demo account although the home has one. */
  readonly freshDemo: boolean;
  /** What the venue plays instead: a shipped scenario's name, or a file; null for none. */
  readonly scenario: string | null;
  /** Faults of the venue from the start, as `name` or `name:param=value,...`. */
  readonly faults: readonly string[];
}

export interface UpOutput {
  readonly line: (text: string) => void;
  readonly problem: (text: string) => void;
}

/** Resolves when a person or the system asks to end. */
export type EndRequest = Promise<string>;

/** A start that takes longer than this says what it waits for. */
const SLOW_START_MS = 5_000;

interface Services {
  readonly venue: SupervisedChild;
  readonly bots: SupervisedChild;
  readonly web: SupervisedChild;
}

/**
 * Runs venue, bots and web under one supervisor until asked to end. Gives the exit code: 0 after an orderly
 * end, 1 when a port or the home is taken or a service refuses to start, 2 when it refuses what was typed, 3 when a
 * person has to see to its data first. Rejects,
 * with a sentence for a person, when the home cannot be used.
 */
export async function runUp(
  config: AppConfig,
  options: UpOptions,
  output: UpOutput,
  ended: EndRequest,
): Promise<number> {
  await prepareHome(config.home);
  const lockFile = join(config.home, 'up.lock');
  // Before the ports: they are taken by the same InfoBot, and ending a service of its would only start it again.
  const lock = takeProcessLock(lockFile);
  if (lock === null) {
    output.problem(runningText(config.home, await findFileHolder(lockFile)));
    return 1;
  }
  try {
    const ports = await checkPorts(config);
    if (ports.ok) return await superviseLogged(config, options, output, ended);
    output.problem(ports.error);
    return 1;
  } finally {
    lock.release();
  }
}

function runningText(home: string, held: PortHolder | null): string {
  const [who, way] =
    held === null
      ? ['', 'Ctrl-C where it runs']
      : [`: process ${held.pid}`, `Ctrl-C where it runs, or "kill ${held.pid}"`];
  return (
    `InfoBot already runs on ${home}${who}. "infobot status" says how it is, "infobot sign-in" prints a link to it. ` +
    `${way} ends it; a second one needs a home of its own (INFOBOT_HOME) and ports of its own.`
  );
}

async function superviseLogged(
  config: AppConfig,
  options: UpOptions,
  output: UpOutput,
  ended: EndRequest,
): Promise<number> {
  const log = supervisorLog(config);
  try {
    return await supervise(config, options, { ...output, log }, ended);
  } finally {
    await log.close();
  }
}

/** What happened to the services is also kept: the terminal may be gone in the morning. */
function supervisorLog(config: AppConfig): Logger {
  const terminal = (): void => undefined;
  return createLogger({ name: 'supervisor', level: 'info', format: 'json', home: config.home, terminal });
}

async function supervise(
  config: AppConfig,
  options: UpOptions,
  output: UpOutput & { readonly log: Logger },
  ended: EndRequest,
): Promise<number> {
  const refused = await mintServiceSecrets(config).then(() => null, failureOf);
  if (refused !== null) {
    output.problem(refused.detail);
    return refused.code;
  }
  const demo = foundDemo(config, options, output);
  if (typeof demo === 'number') return demo;
  const services = servicesOf(config, { options, demo }, (text) => {
    output.line(text);
    output.log.warn(text);
  });
  const started = await Promise.race([startAll(services, output), ended.then(() => null)]);
  if (started !== null && !started.ok) {
    const { detail, code } = started.error;
    output.problem(detail);
    output.log.error(detail);
    await endAll(services);
    return code;
  }
  if (started !== null) await announce(config, { options, demo }, output);
  await ended;
  output.line('Ending ...');
  await endAll(services);
  output.line('Ended. Positions keep their stops at the exchange.');
  return 0;
}

/** The exit code when there is none: what was typed is another market, or the books cannot be read. */
function foundDemo(config: AppConfig, options: UpOptions, output: UpOutput): StartedDemo | 1 | 2 {
  try {
    return startedDemo(config, options);
  } catch (error) {
    output.problem(error instanceof Error ? error.message : String(error));
    return exitCodeOf(error);
  }
}

/** Free ports, or a sentence that names the port and who holds it. Nobody's process is ever ended. */
async function checkPorts(config: AppConfig): Promise<Result<null, string>> {
  const wanted = [
    { service: 'web', port: config.webPort },
    { service: 'bots', port: config.botsPort },
    { service: 'venue', port: config.venuePort },
  ];
  for (const target of wanted) {
    const { service, port } = target;
    const check = await checkPort({ host: config.host, port });
    if (check.kind === 'refused') return err(`Port ${port} (${service}) cannot be used: ${check.detail}`);
    if (check.kind === 'taken') return err(takenText(target, check.holder));
  }
  return ok(null);
}

/**
 * A small young generation, and a heap that grows in small steps: the first load makes garbage for hundreds of
 * megabytes, which would stay the process's own for good. No flag here sets a cap: a service must not die of one.
 */
const MEMORY_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=30', '--optimize-for-size'];

function servicesOf(
  config: AppConfig,
  { options, demo }: { readonly options: UpOptions; readonly demo: StartedDemo },
  log: (line: string) => void,
): Services {
  const place = options.replay === null ? [] : ['--replay'];
  const faults = options.faults.flatMap((fault) => ['--fault', fault]);
  const child = (name: string, endWaitMs: number, args: readonly string[]): SupervisedChild =>
    new SupervisedChild({
      name,
      endWaitMs,
      command: process.execPath,
      arguments: [...MEMORY_FLAGS, fileURLToPath(new URL('../cli/main.ts', import.meta.url)), name, ...args],
      environment: childEnvironment(config),
      time: systemTime,
      log,
    });
  const timeframe = demo.timeframe === null ? [] : ['--timeframe', demo.timeframe];
  return {
    venue: child('venue', 1_500, [...demo.venueSwitches, ...faults]),
    bots: child('bots', 6_500, ['--account', demo.account, ...timeframe, ...place]),
    web: child('web', 1_500, []),
  };
}

/** Children get what they need and nothing else of this environment. */
function childEnvironment(config: AppConfig): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    INFOBOT_HOME: config.home,
    INFOBOT_HOST: config.host,
    INFOBOT_WEB_PORT: String(config.webPort),
    INFOBOT_BOTS_PORT: String(config.botsPort),
    INFOBOT_VENUE_PORT: String(config.venuePort),
    INFOBOT_LOG_LEVEL: process.env['INFOBOT_LOG_LEVEL'] ?? 'warn',
    INFOBOT_LOG_FORMAT: config.logFormat,
    INFOBOT_JOURNAL_DAYS: String(config.journalDays),
    INFOBOT_JOURNAL_MB: String(config.journalMb),
    // Each thread would get an arena of its own, and what one frees the others cannot use.
    MALLOC_ARENA_MAX: '2',
    ...compileCache(),
  };
}

/** Compiled code of earlier starts, where the launcher says it may be kept. */
function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

/** Bots finds the venue already serving; web needs neither to start. The first that refuses is named. */
async function startAll(
  { venue, bots, web }: Services,
  output: UpOutput,
): Promise<Result<null, StartFailure>> {
  const waiting = new Set<string>();
  const start = async (child: SupervisedChild): Promise<void> => {
    waiting.add(child.name);
    await child.start();
    waiting.delete(child.name);
  };
  const cancel = systemTime.after(SLOW_START_MS, () =>
    output.line(`Still starting: ${[...waiting].join(', ')} ...`),
  );
  try {
    await Promise.all([start(venue).then(() => start(bots)), start(web)]);
    return ok(null);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return err({ detail, code: error instanceof StartRefused ? error.code : 1 });
  } finally {
    cancel();
  }
}

/** Nothing new is asked of a service that is about to end. */
async function endAll({ venue, bots, web }: Services): Promise<void> {
  for (const child of [web, bots, venue]) await child.end();
}

async function announce(
  config: AppConfig,
  { options, demo }: { readonly options: UpOptions; readonly demo: StartedDemo },
  output: UpOutput,
): Promise<void> {
  const link = await mintSignInLink(config);
  const played = options.replay === null ? 'a synthetic market' : `recorded candles of ${options.replay}`;
  const market = options.scenario === null ? played : `the scenario ${options.scenario}`;
  output.line('');
  output.line(`InfoBot runs in demo on ${market}: no keys, no real money, Auto Bot off.`);
  if (demo.goesOn) {
    output.line(
      `The demo account ${demo.account} goes on where it stood; "infobot up --fresh-demo" opens a new one.`,
    );
  }
  output.line(`Open   ${link}`);
  output.line('       (signs in once, within 15 minutes; "infobot sign-in" prints another)');
  output.line('Stop   Ctrl-C');
  output.line('');
}
