import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Status, statusSchema } from '../api/status.ts';
import { doneSchema, problemSchema } from '../api/wire-values.ts';
import { isThere } from '../platform/files.ts';
import { takeProcessLock } from '../platform/process-lock.ts';
import { sleep, systemTime } from '../platform/time.ts';
import { FileHaltLatch, type Halt } from '../trading/halt-latch.ts';
import { askBots } from './bots-request.ts';
import type { AppConfig } from './config.ts';
import { UsageError } from './usage-error.ts';

/** A service that hangs must not keep a person from knowing that the latch has fallen. */
const ASK_TIMEOUT_MS = 3_000;
/** How long the exchange's word on resting entries is waited for. */
const CLEAR_WAIT_MS = 35_000;
const CLEAR_POLL_MS = 1_000;

/** What a halt has come to so far. */
export interface HaltOutcome {
  /** Null: it could not be written, and holds only in the running service. */
  readonly halt: Halt | null;
  /** The running service has taken note; false: none answers, and `service` says how. */
  readonly told: boolean;
  /** What the service said, or why none did. */
  readonly service: string;
  /** A service works on this home, or it cannot be known that none does. */
  readonly running: boolean;
}

/** What every home has that a service was ever started on. */
const HOME_MARKS = ['bots.lock', 'up.lock', 'trading.db', 'service-tokens.json', 'access.db'];

/**
 * Halts: the latch first, which every sender of orders reads, then the running service is told. Rejects with a sentence when
 * neither could be done, with `UsageError` where no InfoBot was ever set up: such a halt would stop nothing.
 */
export async function haltHome(config: AppConfig, reason: string): Promise<HaltOutcome> {
  await assertSetUp(config.home);
  const latch = new FileHaltLatch(config.home);
  const written = await latch.latch({ sinceMs: systemTime.nowMs(), by: person(), reason });
  const { told, service } = await tellService(config, reason);
  if (!written && !told) {
    throw new Error(
      `The halt could not be written to ${config.home}, and no service took it (${service}). End the service: press Ctrl-C where it runs, or kill its process. Stops rest at the exchange.`,
    );
  }
  const running = told || (await isRunning(config.home));
  return { halt: written ? latch.read() : null, told, service, running };
}

/** A home that cannot be looked into is not one that is not there: that one is halted as far as it goes. */
async function assertSetUp(home: string): Promise<void> {
  const marks = await Promise.all(HOME_MARKS.map((name) => isMissing(join(home, name))));
  if (!marks.every(Boolean)) return;
  throw new UsageError(
    `Nothing was halted: no InfoBot is set up in the home ${home}. Name the home of the one you mean with INFOBOT_HOME.`,
  );
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
  }
}

async function isRunning(home: string): Promise<boolean> {
  const file = join(home, 'bots.lock');
  if (!(await isThere(file))) return false;
  try {
    const lock = takeProcessLock(file);
    lock?.release();
    return lock === null;
  } catch {
    // A lock that cannot be looked at may be held.
    return true;
  }
}

/** When the exchange confirmed that no entry of ours rests there, ms; null: it has not within 35 s. */
export async function entriesGone(config: AppConfig): Promise<number | null> {
  const untilMs = systemTime.monotonicMs() + CLEAR_WAIT_MS;
  for (;;) {
    const clearMs = await readHalt(config).then(
      (halt) => halt?.clearMs ?? null,
      () => null,
    );
    if (clearMs !== null || systemTime.monotonicMs() >= untilMs) return clearMs;
    await sleep(systemTime, CLEAR_POLL_MS);
  }
}

/** Lifts a halt; gives what was lifted, null: nothing was halted. Rejects with a sentence when it cannot be. */
export async function resumeHome(config: AppConfig, reason: string): Promise<Halt | null> {
  const latch = new FileHaltLatch(config.home);
  const resumed = { resumedMs: systemTime.nowMs(), by: person(), reason };
  return latch.lift(resumed).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The halt stays: it could not be lifted (${why}).`);
  });
}

async function tellService(
  config: AppConfig,
  reason: string,
): Promise<Pick<HaltOutcome, 'told' | 'service'>> {
  try {
    const request = {
      method: 'POST',
      path: '/api/halt',
      body: { reason },
      timeoutMs: ASK_TIMEOUT_MS,
    } as const;
    const answer = await askBots(config, request);
    const content: unknown = await answer.json();
    if (!answer.ok) return { told: false, service: problemSchema.parse(content).detail };
    return { told: true, service: doneSchema.parse(content).message };
  } catch (error) {
    return { told: false, service: error instanceof Error ? error.message : String(error) };
  }
}

async function readHalt(config: AppConfig): Promise<Status['halt']> {
  const answer = await askBots(config, { method: 'GET', path: '/api/status', timeoutMs: ASK_TIMEOUT_MS });
  return statusSchema.parse(await answer.json()).halt;
}

/** Whom the record names. */
function person(): string {
  try {
    return `${userInfo().username} at the command line`;
  } catch {
    // An account without a name, as in some containers.
    return 'the command line';
  }
}
