import type { CancelTimer, Time } from '../platform/time.ts';
import { AddressRecord } from './address-record.ts';
import { type RateUsage, REQUEST_CLASSES, type RequestClass } from './exchange.ts';
import { limitTo, RESERVED_RATE, type Scope, scopeOf, type Windows, windowsOf } from './rate-scope.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { UseMark } from './use-mark.ts';

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
  /** What those before us have sent, and where ours is noted; null: nobody was before us, and nobody comes after. */
  readonly mark: UseMark | null;
}

/** `granted`: send now. Anything else: do not send. */
export type Grant = 'granted' | 'banned' | 'queue-full' | 'overdue' | 'closed';

/** What is left of an endpoint group's second for all users of the key, as the exchange states it. */
export interface StatedLimit {
  readonly perSecond: number;
  readonly left: number;
}

/** The windows of a group, and until when others have used it up. */
interface Group {
  readonly own: Scope;
  readonly windows: Windows;
  heldUntilMs: number;
}

interface Waiting {
  readonly group: string;
  readonly deadlineMs: number;
  readonly settle: (grant: Grant) => void;
}

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
  watch: 10_000,
  entry: 5_000,
  reconcile: 30_000,
  scan: 60_000,
};

/** Those that lower risk, or tell whether there is any. */
const URGENT: ReadonlySet<RequestClass> = new Set(['protect', 'exit', 'watch']);
/** While the exchange wants a pause, positions are read once in this time: stops cannot be kept by what is not known. */
const WATCH_RESTRICTED_MS = 5_000;

/**
 * The one door for requests to an exchange: a sliding window per address and one per endpoint group, first
 * come first served within a class, more urgent classes first. At least a fifth of every window is kept for
 * `protect`, `exit` and `watch`. It sends nothing itself and learns nothing from the passing of time but that windows move.
 */
export class RateBudget {
  private readonly time: Time;
  private readonly global: Scope;
  private readonly ungrouped: Windows;
  private readonly groups: ReadonlyMap<string, Group>;
  private readonly share: number;
  private readonly record: AddressRecord;
  private readonly waiting: Readonly<Record<RequestClass, Waiting[]>>;
  private bannedUntilMs = Number.NEGATIVE_INFINITY;
  private restrictedUntilMs = Number.NEGATIVE_INFINITY;
  private watchedMs = Number.NEGATIVE_INFINITY;
  private wakeUp: CancelTimer | null = null;
  private closed = false;

  constructor({ time, limits, share, mark }: RateBudgetOptions) {
    this.time = time;
    this.share = share;
    const windowMs = limits.windowMs + ARRIVAL_SPREAD_MS;
    this.global = scopeOf(limits.requestsPerWindow * share, windowMs);
    this.ungrouped = windowsOf([this.global]);
    const groups = Object.entries(limits.groupsPerSecond).map(([name, perSecond]) => {
      const own = scopeOf(perSecond * share, SECOND_MS + ARRIVAL_SPREAD_MS);
      const windows = windowsOf([this.global, own]);
      return [name, { own, windows, heldUntilMs: Number.NEGATIVE_INFINITY }] as const;
    });
    this.groups = new Map(groups);
    this.waiting = { protect: [], exit: [], watch: [], entry: [], reconcile: [], scan: [] };
    this.record = new AddressRecord({ mark, time, windowMs });
    this.inherit();
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
    const untilMs = this.time.monotonicMs() + durationMs;
    if (untilMs <= this.bannedUntilMs) return;
    this.bannedUntilMs = untilMs;
    this.record.shutOut(durationMs);
    this.settleAll('banned');
  }

  /** Only `protect` and `exit` may be sent for `durationMs`, and now and then `watch`; the others wait. */
  restrict(durationMs: number): void {
    this.restrictedUntilMs = Math.max(this.restrictedUntilMs, this.time.monotonicMs() + durationMs);
    this.grantWaiting();
  }

  /**
   * Takes the exchange's own count of a group. Where it is lower than ours, others use the key: from what is kept for
   * urgent requests on, the ordinary ones wait until that second is over.
   */
  noteStated(name: string, { perSecond, left }: StatedLimit): void {
    const group = this.groups.get(name);
    if (group === undefined) return;
    limitTo(group.own, perSecond * this.share);
    if (left <= perSecond * RESERVED_RATE) group.heldUntilMs = this.time.monotonicMs() + SECOND_MS;
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
    this.record.end();
    this.wakeUp?.();
    this.wakeUp = null;
  }

  private inherit(): void {
    const nowMs = this.time.monotonicMs();
    const { sent, bannedForMs } = this.record.inherit(this.global.ordinary.limit);
    if (bannedForMs > 0) this.bannedUntilMs = nowMs + bannedForMs;
    for (const [ageMs, count] of sent) {
      for (let counted = 0; counted < count; counted += 1)
        for (const window of this.ungrouped.scan) window.add(nowMs - ageMs);
    }
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
    const barredMs = Math.max(this.barredUntilMs(requestClass), this.heldUntilMs(requestClass, group));
    if (nowMs < barredMs) return barredMs;
    let latestMs: number | null = null;
    for (const window of this.windowsOf(requestClass, group)) {
      const freeMs = window.freeAtMs(nowMs);
      if (freeMs !== null) latestMs = Math.max(latestMs ?? freeMs, freeMs);
    }
    return latestMs;
  }

  /** Until when a restriction keeps a class back; in the past: it does not. */
  private barredUntilMs(requestClass: RequestClass): number {
    if (requestClass === 'watch')
      return Math.min(this.restrictedUntilMs, this.watchedMs + WATCH_RESTRICTED_MS);
    return URGENT.has(requestClass) ? Number.NEGATIVE_INFINITY : this.restrictedUntilMs;
  }

  /** Until when others have used a group up; urgent requests try it all the same. */
  private heldUntilMs(requestClass: RequestClass, group: string): number {
    const heldMs = this.groups.get(group)?.heldUntilMs ?? Number.NEGATIVE_INFINITY;
    return URGENT.has(requestClass) ? Number.NEGATIVE_INFINITY : heldMs;
  }

  private spend(requestClass: RequestClass, group: string, nowMs: number): void {
    if (requestClass === 'watch') this.watchedMs = nowMs;
    for (const window of this.windowsOf(requestClass, group)) window.add(nowMs);
    this.record.spend();
  }

  private windowsOf(requestClass: RequestClass, group: string): readonly SlidingWindow[] {
    const windows = this.groups.get(group)?.windows ?? this.ungrouped;
    if (requestClass === 'scan') return windows.scan;
    return URGENT.has(requestClass) ? windows.urgent : windows.ordinary;
  }
}
