import { ensure } from '../core/base/assert.ts';
import type { CancelTimer, Time } from '../platform/time.ts';
import { type RateUsage, REQUEST_CLASSES, type RequestClass } from './exchange.ts';
import { SlidingWindow } from './sliding-window.ts';

/** What an exchange permits one address and one key, before our share is taken. */
export interface RateLimits {
  readonly windowMs: number;
  readonly requestsPerWindow: number;
  /** Requests per second of endpoint groups with a limit of their own, by group name. */
  readonly groupsPerSecond: Readonly<Record<string, number>>;
}

export interface RateBudgetOptions {
  readonly time: Time;
  readonly limits: RateLimits;
  /** Our part of the limits, 0-1: the services of one address together stay at or below 1. */
  readonly share: number;
  /**
   * How much of the window is taken as used at the start, 0-1: a process that was killed a moment ago has used it, and
   * its requests still count. Urgent classes are not held back by it.
   */
  readonly usedAtStartRate: number;
}

/** `granted`: send now. Anything else: do not send. */
export type Grant = 'granted' | 'banned' | 'queue-full' | 'overdue' | 'closed';

interface Scope {
  readonly all: SlidingWindow;
  /** What classes other than `protect` and `exit` may use of it. */
  readonly ordinary: SlidingWindow;
}

/** The windows a request has to fit, by how urgent it is. */
interface Windows {
  readonly urgent: readonly SlidingWindow[];
  readonly ordinary: readonly SlidingWindow[];
}

interface Waiting {
  readonly group: string;
  readonly deadlineMs: number;
  readonly settle: (grant: Grant) => void;
}

/** Kept free for requests that lower risk. */
const RESERVED_RATE = 0.2;
/**
 * The exchange counts arrivals, we count sendings: requests sent late in one window may arrive together with
 * early ones of the next. Windows are longer by this much.
 */
const ARRIVAL_SPREAD_MS = 250;
const SECOND_MS = 1000;
/** Cold start asks for one candle page of about 600 instruments; more than this is a runaway caller. */
const WAITING_MAX = 2000;
/** An entry that waited longer was decided on old prices; a protective one is asked for again by its keeper. */
const WAIT_MS_MAX: Readonly<Record<RequestClass, number>> = {
  protect: 10_000,
  exit: 10_000,
  entry: 5_000,
  reconcile: 30_000,
  scan: 60_000,
};

/**
 * The one door for requests to an exchange: a sliding window per address and one per endpoint group, first
 * come first served within a class, more urgent classes first. At least a fifth of every window is kept for
 * `protect` and `exit`. It sends nothing itself and learns nothing from the passing of time but that windows move.
 */
export class RateBudget {
  private readonly time: Time;
  private readonly global: Scope;
  private readonly ungrouped: Windows;
  private readonly groups: ReadonlyMap<string, Windows>;
  private readonly waiting: Readonly<Record<RequestClass, Waiting[]>>;
  private bannedUntilMs = Number.NEGATIVE_INFINITY;
  private restrictedUntilMs = Number.NEGATIVE_INFINITY;
  private wakeUp: CancelTimer | null = null;
  private closed = false;

  constructor({ time, limits, share, usedAtStartRate }: RateBudgetOptions) {
    this.time = time;
    this.global = scope(limits.requestsPerWindow * share, limits.windowMs + ARRIVAL_SPREAD_MS);
    const { ordinary } = this.global;
    for (let used = 0; used < Math.floor(ordinary.limit * usedAtStartRate); used += 1)
      ordinary.add(time.monotonicMs());
    this.ungrouped = windowsOf([this.global]);
    const groups = Object.entries(limits.groupsPerSecond).map(([name, perSecond]) => {
      const own = scope(perSecond * share, SECOND_MS + ARRIVAL_SPREAD_MS);
      return [name, windowsOf([this.global, own])] as const;
    });
    this.groups = new Map(groups);
    this.waiting = { protect: [], exit: [], entry: [], reconcile: [], scan: [] };
  }

  /** Resolves when the request may be sent, or with the reason it may not. A group without a limit uses the window alone. */
  acquire(requestClass: RequestClass, group: string): Promise<Grant> {
    if (this.closed) return Promise.resolve('closed');
    if (this.banned()) return Promise.resolve('banned');
    if (this.waitingCount() >= WAITING_MAX) return Promise.resolve('queue-full');
    return new Promise((resolve) => {
      const deadlineMs = this.time.monotonicMs() + WAIT_MS_MAX[requestClass];
      this.waiting[requestClass].push({ group, deadlineMs, settle: resolve });
      this.grantWaiting();
    });
  }

  /** Nothing at all may be sent for `durationMs`; who waits is turned away. A shorter ban never cuts a longer one. */
  ban(durationMs: number): void {
    this.bannedUntilMs = Math.max(this.bannedUntilMs, this.time.monotonicMs() + durationMs);
    this.settleAll('banned');
  }

  /** Only `protect` may be sent for `durationMs`; the others wait. */
  restrict(durationMs: number): void {
    this.restrictedUntilMs = Math.max(this.restrictedUntilMs, this.time.monotonicMs() + durationMs);
    this.grantWaiting();
  }

  usage(): RateUsage {
    const nowMs = this.time.monotonicMs();
    const toWallMs = this.time.nowMs() - nowMs;
    return {
      usedInWindow: this.global.all.used(nowMs),
      limitPerWindow: this.global.all.limit,
      windowMs: this.global.all.windowMs,
      waiting: this.waitingCount(),
      bannedUntilMs: this.banned() ? Math.ceil(this.bannedUntilMs + toWallMs) : null,
    };
  }

  /** Turns away who waits, and everyone after. */
  close(): void {
    this.closed = true;
    this.settleAll('closed');
    this.wakeUp?.();
    this.wakeUp = null;
  }

  private banned(): boolean {
    return this.time.monotonicMs() < this.bannedUntilMs;
  }

  private waitingCount(): number {
    return REQUEST_CLASSES.reduce((count, name) => count + this.waiting[name].length, 0);
  }

  private settleAll(grant: Grant): void {
    for (const name of REQUEST_CLASSES) for (const entry of this.waiting[name].splice(0)) entry.settle(grant);
  }

  private grantWaiting(): void {
    const nowMs = this.time.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const name of REQUEST_CLASSES) nextMs = Math.min(nextMs, this.grantClass(name, nowMs));
    this.wakeUp?.();
    this.wakeUp = null;
    if (nextMs < Number.POSITIVE_INFINITY) {
      this.wakeUp = this.time.after(Math.max(1, nextMs - nowMs), () => this.grantWaiting());
    }
  }

  /** Grants what fits, in order of arrival; says when to look at the rest again. */
  private grantClass(requestClass: RequestClass, nowMs: number): number {
    const queue = this.waiting[requestClass];
    let nextMs = Number.POSITIVE_INFINITY;
    let kept = 0;
    for (const entry of queue) {
      const freeAtMs = this.freeAtMs(requestClass, entry.group, nowMs);
      if (freeAtMs === null) {
        this.spend(requestClass, entry.group, nowMs);
        entry.settle('granted');
      } else if (entry.deadlineMs <= nowMs) entry.settle('overdue');
      else {
        queue[kept] = entry;
        kept += 1;
        nextMs = Math.min(nextMs, freeAtMs, entry.deadlineMs);
      }
    }
    queue.length = kept;
    return nextMs;
  }

  /** When a request of this class and group fits; null: now. */
  private freeAtMs(requestClass: RequestClass, group: string, nowMs: number): number | null {
    if (requestClass !== 'protect' && nowMs < this.restrictedUntilMs) return this.restrictedUntilMs;
    let latestMs: number | null = null;
    for (const window of this.windowsOf(requestClass, group)) {
      const freeMs = window.freeAtMs(nowMs);
      if (freeMs !== null) latestMs = Math.max(latestMs ?? freeMs, freeMs);
    }
    return latestMs;
  }

  private spend(requestClass: RequestClass, group: string, nowMs: number): void {
    for (const window of this.windowsOf(requestClass, group)) window.add(nowMs);
  }

  private windowsOf(requestClass: RequestClass, group: string): readonly SlidingWindow[] {
    const windows = this.groups.get(group) ?? this.ungrouped;
    return requestClass === 'protect' || requestClass === 'exit' ? windows.urgent : windows.ordinary;
  }
}

function windowsOf(scopes: readonly Scope[]): Windows {
  return {
    urgent: scopes.map(({ all }) => all),
    ordinary: scopes.flatMap(({ all, ordinary }) => [all, ordinary]),
  };
}

function scope(limit: number, windowMs: number): Scope {
  const whole = Math.max(
    1,
    Math.floor(ensure(Number.isFinite(limit) ? limit : null, 'A rate limit is finite.')),
  );
  const ordinary = Math.max(1, Math.min(whole - 1, Math.floor(whole * (1 - RESERVED_RATE))));
  return { all: new SlidingWindow(whole, windowMs), ordinary: new SlidingWindow(ordinary, windowMs) };
}
