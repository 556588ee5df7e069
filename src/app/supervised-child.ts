import { type ChildProcess, spawn } from 'node:child_process';
import type { Time } from '../platform/time.ts';
import { parseChildMessage } from './child-link.ts';
import { DATA_REFUSED, type StartFailure } from './start-failure.ts';

/** A service that dies sooner than this after its start died young: the next start waits longer. */
const STEADY_MS = 60_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** It is killed when it has not ended this long after it was asked to. */
  readonly endWaitMs: number;
  readonly time: Time;
  readonly log: (line: string) => void;
}

/** A service that refused to start, in its own words. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  readonly code: StartFailure['code'];
  constructor({ detail, code }: StartFailure) {
    super(detail);
    this.code = code;
  }
}

/** One service under supervision: started, restarted with back-off when it crashes, ended on request. */
export class SupervisedChild {
  readonly name: string;
  private readonly options: ChildOptions;
  private process: ChildProcess | null = null;
  private ending = false;
  private backoffMs = BACKOFF_FIRST_MS;
  private startedMs = 0;
  private failure: StartFailure | null = null;
  private ready = false;
  private cancelRestart: () => void = () => undefined;
  private waiters: { resolve: (url: string) => void; reject: (error: Error) => void }[] = [];

  constructor(options: ChildOptions) {
    this.options = options;
    this.name = options.name;
  }

  /** Starts it; resolves with its address when it serves, rejects `StartRefused` when it refuses to. */
  start(): Promise<string> {
    const ready = new Promise<string>((resolve, reject) => {
      this.waiters.push({ resolve, reject });
    });
    this.launch();
    return ready;
  }

  /** Asks it to end, waits, kills it when it does not. */
  async end(): Promise<void> {
    this.ending = true;
    this.cancelRestart();
    const child = this.process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const cancel = this.options.time.after(this.options.endWaitMs, () => {
      this.options.log(`${this.name} did not end by itself and is killed.`);
      child.kill('SIGKILL');
    });
    await ended;
    cancel();
  }

  private launch(): void {
    if (this.ending) return;
    const { command, arguments: args, environment, time } = this.options;
    this.startedMs = time.monotonicMs();
    this.failure = null;
    const child = spawn(command, [...args], {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Its own group: Ctrl-C reaches the supervisor alone, which ends the services in order.
      detached: true,
    });
    this.process = child;
    child.on('message', (value) => this.onMessage(value));
    child.on('error', (error) => {
      // Only one that never ran: an error of a running one is a signal that did not reach it.
      if (child.pid === undefined) this.onGone(`could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) => this.onGone(`ended (${signal ?? `exit code ${code}`})`));
  }

  private onMessage(value: unknown): void {
    const message = parseChildMessage(value);
    if (message?.kind === 'failed') {
      this.failure = message;
      this.settle(message);
    }
    if (message?.kind !== 'ready') return;
    if (this.ready) this.options.log(`${this.name} serves again.`);
    this.ready = true;
    this.settle({ url: message.url });
  }

  private onGone(how: string): void {
    this.settle({ detail: `it ${how}.`, code: 1 });
    // One that never served is not started again: what it lacks does not come by itself.
    if (this.ending || !this.ready) return;
    const why = this.failure === null ? '' : ` because: ${this.failure.detail}`;
    if (this.failure?.code === DATA_REFUSED) {
      this.options.log(
        `${this.name} ${how}${why} It is not started again: see to it, then start InfoBot anew.`,
      );
      return;
    }
    const lifeMs = this.options.time.monotonicMs() - this.startedMs;
    if (lifeMs > STEADY_MS) this.backoffMs = BACKOFF_FIRST_MS;
    this.options.log(`${this.name} ${how}${why}; starting it again in ${this.backoffMs / 1000} s.`);
    this.cancelRestart = this.options.time.after(this.backoffMs, () => this.launch());
    this.backoffMs = Math.min(BACKOFF_MAX_MS, this.backoffMs * 2);
  }

  private settle(outcome: { readonly url: string } | StartFailure): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const waiter of waiters) {
      if ('url' in outcome) waiter.resolve(outcome.url);
      else {
        const detail = `The ${this.name} service did not start: ${outcome.detail}`;
        waiter.reject(new StartRefused({ detail, code: outcome.code }));
      }
    }
  }
}
