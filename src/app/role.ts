import { flushCompileCache } from 'node:module';
import { noteCrashes } from '../platform/crash-note.ts';
import { prepareHome } from '../platform/home.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { tellSupervisor } from './child-link.ts';
import type { AppConfig } from './config.ts';
import { sayingPort } from './port-taken.ts';
import { DATA_REFUSED, failureOf, type StartFailure } from './start-failure.ts';

/** A running service. */
export interface RunningRole {
  /** Where it listens. */
  readonly url: string;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Resolves with the reason when it cannot go on and must end; absent: it never says so. */
  readonly broken?: Promise<StartFailure>;
}

/** Shutdown takes no longer than this; the supervisor allows the slowest service a little more. */
const STOP_WAIT_MS = 6_000;

/**
 * Runs one service until it is asked to end (SIGINT, SIGTERM, the supervisor gone). Gives the exit code:
 * 0 after an orderly end, 1 when it could not start or did not end in time, 2 when what it was told cannot be meant,
 * 3 when a person has to see to its data first.
 */
export async function runRole(
  name: string,
  config: AppConfig,
  start: (log: Logger) => Promise<RunningRole>,
): Promise<number> {
  await prepareHome(config.home);
  noteCrashes(config.home, name);
  const log = createLogger({ name, level: config.logLevel, format: config.logFormat, home: config.home });
  const ended = endRequest();
  let role: RunningRole;
  try {
    role = await start(log);
  } catch (error) {
    const failure = failureOf(await sayingPort(error, name));
    log.error('The service could not start.', { detail: failure.detail });
    tellSupervisor({ kind: 'failed', ...failure });
    await log.close();
    return failure.code;
  }
  log.info('Serving.', { url: role.url });
  tellSupervisor({ kind: 'ready', url: role.url });
  // What is compiled by now is what the next start needs; a killed process would not write it at its end.
  flushCompileCache();
  const broken = role.broken?.then((failure) => {
    tellSupervisor({ kind: 'failed', ...failure });
    return { why: failure.detail, code: failure.code };
  });
  const asked = ended.then((why) => ({ why, code: 0 }));
  const { why, code } = await (broken === undefined ? asked : Promise.race([asked, broken]));
  log.info('Ending.', { why });
  const clean = await stopWithin(role, log);
  await log.close();
  return clean || code === DATA_REFUSED ? code : 1;
}

/** Resolves with the reason when somebody asks this process to end. */
function endRequest(): Promise<string> {
  return new Promise((resolve) => {
    // Listening on after the first: a second Ctrl-C, or one that a parent passes on, must not cut the order short.
    process.on('SIGINT', () => resolve('SIGINT'));
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGHUP', () => resolve('SIGHUP'));
    process.once('disconnect', () => resolve('the supervisor is gone'));
  });
}

/** False, with a line in the log, when it took too long or failed on the way. */
async function stopWithin(role: RunningRole, log: Logger): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), STOP_WAIT_MS);
  });
  try {
    const inTime = await Promise.race([role.stop().then((): true => true), late]);
    if (!inTime) log.error('The service did not end in time.');
    return inTime;
  } catch (error) {
    log.error('The service failed while ending.', { error });
    return false;
  } finally {
    clearTimeout(timer);
  }
}
