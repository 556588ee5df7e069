import { z } from 'zod';
import { assert, ensure } from '../../core/base/assert.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { rng, seedOf } from '../../core/base/rng.ts';
import type { CancelTimer, Time } from '../../platform/time.ts';
import { type FaultHooks, type FaultKind, type FaultSite, firstIssue } from './fault.ts';
import { boardParams } from './fault-input.ts';

/** Strikes kept for `report`; older ones are counted only. */
const LOG_KEPT = 2000;
const ENDED_KEPT = 200;
const FOR_EVER_MS = Number.POSITIVE_INFINITY;

/** A fault as it was asked for, with what it did. */
export interface FaultReport {
  readonly id: number;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sinceMs: number;
  /** Null while it is active. */
  readonly endedMs: number | null;
  /** How often it did something. */
  readonly strikes: number;
}

/** One deed of a fault. */
export interface StrikeRecord {
  readonly timeMs: number;
  readonly id: number;
  readonly name: string;
  readonly detail: string;
}

/** What a fault is made from: everything but its own dice and its own count. */
export type SharedSite = Omit<FaultSite, 'dice' | 'strike'>;

interface ActiveFault {
  report: FaultReport;
  readonly hooks: FaultHooks;
  readonly cancel: CancelTimer;
  isSpent: boolean;
}

const orderShape = z.looseObject({ name: z.string(), ...boardParams });

/**
 * The faults of a venue: which there are, which are active, what they did. Every fault rolls dice of its own,
 * seeded by the board's seed, its name and how many came before it, so the same calls give the same trouble.
 */
export class FaultBoard {
  private readonly kinds: ReadonlyMap<string, FaultKind>;
  private readonly seed: number;
  private readonly time: Time;
  private readonly tell: (record: StrikeRecord) => void;
  private site: SharedSite | null = null;
  private active: ActiveFault[] = [];
  private ended: FaultReport[] = [];
  private records: StrikeRecord[] = [];
  private opened = 0;

  constructor(options: {
    readonly kinds: readonly FaultKind[];
    readonly seed: number;
    readonly time: Time;
    readonly tell?: (record: StrikeRecord) => void;
  }) {
    this.kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    assert(this.kinds.size === options.kinds.length, 'Every fault has a name of its own.');
    this.seed = options.seed;
    this.time = options.time;
    this.tell = options.tell ?? (() => undefined);
  }

  /** The venue stands: faults may act on it from now on. */
  attach(site: SharedSite): void {
    this.site = site;
  }

  /** True while nothing is wrong: the fast way past the board. */
  get isQuiet(): boolean {
    return this.active.length === 0;
  }

  /** Begins a fault: `{ name, rate, count, for, ...parameters of its own }`. The error is a sentence. */
  add(input: unknown): Result<FaultReport, string> {
    const order = orderShape.safeParse(input);
    if (!order.success) return err(firstIssue(order.error));
    const { name, rate, count, for: forMs, ...params } = order.data;
    const kind = this.kinds.get(name);
    if (kind === undefined) return err(`there is no fault "${name}": choose one of ${this.names()}`);
    this.opened += 1;
    const id = this.opened;
    const opened = kind.open(params, this.siteOf({ id, name, rate, count }));
    if (!opened.ok) return opened;
    const { name: _, ...asked } = input as Readonly<Record<string, unknown>>;
    const report = { id, name, params: asked, sinceMs: this.time.nowMs(), endedMs: null, strikes: 0 };
    const lastsMs = Math.min(forMs ?? FOR_EVER_MS, opened.value.lastsMs ?? FOR_EVER_MS);
    const cancel =
      lastsMs === FOR_EVER_MS ? () => undefined : this.time.after(lastsMs, () => this.remove(id));
    const struck = this.records.filter((record) => record.id === id).length;
    const fault: ActiveFault = {
      report: { ...report, strikes: struck },
      hooks: opened.value,
      cancel,
      isSpent: struck >= count,
    };
    this.active.push(fault);
    return ok(fault.report);
  }

  /** Ends a fault; false when there is no such one. */
  remove(id: number): boolean {
    const fault = this.active.find((each) => each.report.id === id);
    if (fault === undefined) return false;
    this.active = this.active.filter((each) => each !== fault);
    fault.cancel();
    fault.hooks.end?.();
    this.ended.push({ ...fault.report, endedMs: this.time.nowMs() });
    if (this.ended.length > ENDED_KEPT) this.ended.shift();
    return true;
  }

  /** Ends every fault, or every one of a name; gives how many. */
  removeAll(name: string | null = null): number {
    const concerned = this.active.filter((each) => name === null || each.report.name === name);
    return concerned.filter((each) => this.remove(each.report.id)).length;
  }

  report(): { readonly active: readonly FaultReport[]; readonly ended: readonly FaultReport[] } {
    return { active: this.active.map((each) => each.report), ended: this.ended };
  }

  /** What faults did, oldest first. */
  strikes(): readonly StrikeRecord[] {
    return this.records;
  }

  /** The active hooks of one sort, in the order the faults began. */
  *hooks<K extends Exclude<keyof FaultHooks, 'lastsMs' | 'end'>>(
    name: K,
  ): Generator<NonNullable<FaultHooks[K]>> {
    for (const fault of this.active) {
      const hook = fault.isSpent ? undefined : fault.hooks[name];
      if (hook !== undefined) yield hook;
    }
  }

  private names(): string {
    return [...this.kinds.keys()].join(', ');
  }

  private siteOf(fault: { id: number; name: string; rate: number; count: number }): FaultSite {
    const dice = rng(seedOf(this.seed, fault.name, fault.id));
    const shared = ensure(this.site, 'Faults begin when the venue stands.');
    let strikes = 0;
    const strike = (detail: string): boolean => {
      if (strikes >= fault.count || (fault.rate < 1 && dice.next() >= fault.rate)) return false;
      strikes += 1;
      this.record({ timeMs: this.time.nowMs(), id: fault.id, name: fault.name, detail });
      const active = this.active.find((each) => each.report.id === fault.id);
      if (active !== undefined) {
        active.report = { ...active.report, strikes };
        active.isSpent = strikes >= fault.count;
        if (active.isSpent) this.time.after(0, () => this.remove(fault.id));
      }
      return true;
    };
    return { ...shared, dice, strike };
  }

  private record(record: StrikeRecord): void {
    this.records.push(record);
    if (this.records.length > LOG_KEPT) this.records = this.records.slice(-LOG_KEPT / 2);
    this.tell(record);
  }
}
