import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../core/base/result.ts';
import { prepareHome } from '../platform/home.ts';
import { checkPort } from '../platform/port-check.ts';
import { secureHex } from '../platform/random.ts';
import { systemTime } from '../platform/time.ts';
import type { AppConfig } from './config.ts';
import { mintServiceSecrets } from './service-secrets.ts';
import { mintSignInLink } from './sign-in.ts';
import { SupervisedChild } from './supervised-child.ts';

/** What `infobot up` was asked for. */
export interface UpOptions {
  /** Folder of candle files to replay; null for the synthetic market. */
  readonly replay: string | null;
  /** Timeframe to trade; null for the demo's own. */
  readonly timeframe: string | null;
  /** Seed of the market; null for a new one. */
  readonly seed: number | null;
  /** How many synthetic instruments. */
  readonly instruments: number;
}

export interface UpOutput {
  readonly line: (text: string) => void;
  readonly problem: (text: string) => void;
}

/** Resolves when a person or the system asks to end. */
export type EndRequest = Promise<string>;

/**
 * Runs venue, bots and web under one supervisor until asked to end. Gives the exit code: 0 after an orderly
 * end, 1 when a port is taken or a service refuses to start.
 */
export async function runUp(
  config: AppConfig,
  options: UpOptions,
  output: UpOutput,
  ended: EndRequest,
): Promise<number> {
  const ports = await checkPorts(config);
  if (!ports.ok) {
    output.problem(ports.error);
    return 1;
  }
  await prepareHome(config.home);
  await mintServiceSecrets(config);
  const children = childrenOf(config, options, output);
  const started = await startAll(children);
  if (!started.ok) {
    output.problem(started.error);
    await endAll(children);
    return 1;
  }
  await announce(config, options, output);
  await ended;
  output.line('Ending ...');
  await endAll(children);
  output.line('Ended. Positions keep their stops at the exchange.');
  return 0;
}

/** Free ports, or a sentence that names the port and who holds it. Nobody's process is ever ended. */
async function checkPorts(config: AppConfig): Promise<Result<null, string>> {
  const wanted = [
    { service: 'web', port: config.webPort, variable: 'INFOBOT_WEB_PORT' },
    { service: 'bots', port: config.botsPort, variable: 'INFOBOT_BOTS_PORT' },
    { service: 'venue', port: config.venuePort, variable: 'INFOBOT_VENUE_PORT' },
  ];
  for (const { service, port, variable } of wanted) {
    const check = await checkPort({ host: config.host, port });
    if (check.kind === 'refused') return err(`Port ${port} (${service}) cannot be used: ${check.detail}`);
    if (check.kind === 'taken') {
      const holder =
        check.holder === null ? 'another process' : `process ${check.holder.pid} (${check.holder.command})`;
      return err(
        `Port ${port}, which the ${service} service needs, is taken by ${holder}. ` +
          `End that process, or choose another port with ${variable}.`,
      );
    }
  }
  return ok(null);
}

function childrenOf(config: AppConfig, options: UpOptions, output: UpOutput): readonly SupervisedChild[] {
  const seed = options.seed ?? Number.parseInt(secureHex(3), 16);
  const account = `demo-${secureHex(4)}`;
  const timeframe = options.timeframe ?? '1m';
  const market =
    options.replay === null
      ? ['--instruments', String(options.instruments), '--scale', timeframe === '1m' ? 'demo' : 'real']
      : ['--replay', options.replay, '--timeframe', timeframe];
  const place = options.replay === null ? [] : ['--replay'];
  const child = (name: string, endWaitMs: number, args: readonly string[]): SupervisedChild =>
    new SupervisedChild({
      name,
      endWaitMs,
      command: process.execPath,
      arguments: [fileURLToPath(new URL('../cli/main.ts', import.meta.url)), name, ...args],
      environment: childEnvironment(config),
      time: systemTime,
      log: output.line,
    });
  return [
    child('venue', 1_500, ['--seed', String(seed), ...market]),
    child('bots', 6_500, ['--account', account, '--timeframe', timeframe, ...place]),
    child('web', 1_500, []),
  ];
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
  };
}

/** In order: each service finds the one it needs already serving. */
async function startAll(children: readonly SupervisedChild[]): Promise<Result<null, string>> {
  for (const child of children) {
    try {
      await child.start();
    } catch (error) {
      return err(
        `The ${child.name} service did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return ok(null);
}

/** In reverse: nothing new is asked of a service that is about to end. */
async function endAll(children: readonly SupervisedChild[]): Promise<void> {
  for (const child of [...children].reverse()) await child.end();
}

async function announce(config: AppConfig, options: UpOptions, output: UpOutput): Promise<void> {
  const link = await mintSignInLink(config);
  const market = options.replay === null ? 'a synthetic market' : `recorded candles of ${options.replay}`;
  output.line('');
  output.line(`InfoBot runs in demo on ${market}: no keys, no real money, Auto Bot off.`);
  output.line(`Open   ${link}`);
  output.line('       (signs in once, within 15 minutes; "infobot sign-in" prints another)');
  output.line('Stop   Ctrl-C');
  output.line('');
}
