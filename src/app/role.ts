import { createLogger, type Logger } from '../platform/logger.ts';
import { tellSupervisor } from './child-link.ts';
import type { AppConfig } from './config.ts';

/** A running service. */
export interface RunningRole {
  /** Where it listens. */
  readonly url: string;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Shutdown takes no longer than this; the supervisor allows the slowest service a little more. */
const STOP_WAIT_MS = 6_000;

/**
 * Runs one service until it is asked to end (SIGINT, SIGTERM, the supervisor gone). Gives the exit code:
 * 0 after an orderly end, 1 when it could not start or did not end in time.
 */
export async function runRole(
  name: string,
  config: AppConfig,
  start: (log: Logger) => Promise<RunningRole>,
): Promise<number> {
  const log = createLogger({ name, level: config.logLevel, format: config.logFormat, home: config.home });
  const ended = endRequest();
  let role: RunningRole;
  try {
    role = await start(log);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    log.error('The service could not start.', { detail });
    tellSupervisor({ kind: 'failed', detail });
    await log.close();
    return 1;
  }
  log.info('Serving.', { url: role.url });
  tellSupervisor({ kind: 'ready', url: role.url });
  const why = await ended;
  log.info('Ending.', { why });
  const clean = await stopWithin(role);
  if (!clean) log.error('The service did not end in time.');
  await log.close();
  return clean ? 0 : 1;
}

/** Resolves with the reason when somebody asks this process to end. */
function endRequest(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('disconnect', () => resolve('the supervisor is gone'));
  });
}

async function stopWithin(role: RunningRole): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), STOP_WAIT_MS);
  });
  const stopped = role.stop().then((): true => true);
  const clean = await Promise.race([stopped, late]);
  clearTimeout(timer);
  return clean;
}
