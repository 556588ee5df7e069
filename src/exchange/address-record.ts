import type { Time } from '../platform/time.ts';
import type { AddressUse, UseMark } from './use-mark.ts';

/** What is left behind by those who used the address before. */
export interface Inheritance {
  /** How long ago requests were sent, ms, and how many. */
  readonly sent: readonly (readonly [ageMs: number, count: number])[];
  /** For how long nothing at all may be sent, ms. */
  readonly bannedForMs: number;
}

/** Requests of one such stretch are one entry. */
const STRETCH_MS = 100;
/** So many are noted before they are sent: a process that is killed has sent no more than it said. */
const AHEAD = 16;

/**
 * Notes what this process sends, ahead of the sending and a few requests at a time, so that the next one knows what is
 * left of the window after a kill as well. Times are the wall clock's: a monotonic clock ends with its process. What
 * lies in the future because the clock was set back counts as just sent.
 */
export class AddressRecord {
  private readonly mark: UseMark | null;
  private readonly time: Time;
  private readonly windowMs: number;
  private sent: [atMs: number, count: number][] = [];
  /** Until when by the monotonic clock, and how long it was at first. */
  private ban: { readonly endMs: number; readonly lengthMs: number } | null = null;
  /** How many of those noted ahead are not sent yet. */
  private covered = 0;
  private isNoting = false;

  constructor({ mark, time, windowMs }: { mark: UseMark | null; time: Time; windowMs: number }) {
    this.mark = mark;
    this.time = time;
    this.windowMs = windowMs;
  }

  /** What others sent, from now on ours to hand on. Where that cannot be read, `windowRequests` of them just now. */
  inherit(windowRequests: number): Inheritance {
    const nowMs = this.time.nowMs();
    const use = this.mark?.read() ?? null;
    if (use === 'unreadable') this.sent = [[nowMs, windowRequests]];
    else if (use !== null) this.takeOn(use, nowMs);
    this.note();
    return { sent: this.sent.map(([atMs, count]) => [nowMs - atMs, count]), bannedForMs: this.leftOfBanMs() };
  }

  /** One request is let go. */
  spend(): void {
    if (this.mark === null) return;
    const atMs = Math.ceil(this.time.nowMs() / STRETCH_MS) * STRETCH_MS;
    const last = this.sent.at(-1);
    if (last?.[0] === atMs) last[1] += 1;
    else this.sent.push([atMs, 1]);
    this.covered -= 1;
    if (this.covered > AHEAD / 2 || this.isNoting) return;
    // Many are let go in one turn: they are noted together, before the first of them can leave.
    this.isNoting = true;
    queueMicrotask(() => {
      this.isNoting = false;
      this.note();
    });
  }

  shutOut(lengthMs: number): void {
    this.ban = { endMs: this.time.monotonicMs() + lengthMs, lengthMs };
    this.note();
  }

  /** Nothing more is sent by this process. */
  end(): void {
    this.note(0);
  }

  private takeOn({ sent, ahead, ban }: AddressUse, nowMs: number): void {
    const rows = sent.map(([atMs, count]): [number, number] => [Math.min(atMs, nowMs), count]);
    this.sent = rows.filter(([atMs]) => atMs > nowMs - this.windowMs).sort(([a], [b]) => a - b);
    if (ahead > 0) this.sent.push([nowMs, ahead]);
    if (ban === null || ban.untilMs <= nowMs) return;
    const { untilMs, lengthMs } = ban;
    this.ban = { endMs: this.time.monotonicMs() + Math.min(untilMs - nowMs, lengthMs), lengthMs };
  }

  private note(ahead = AHEAD): void {
    const sinceMs = this.time.nowMs() - this.windowMs;
    this.sent = this.sent.filter(([atMs]) => atMs > sinceMs);
    if (this.leftOfBanMs() <= 0) this.ban = null;
    this.covered = ahead;
    this.mark?.note({ sent: this.sent.map(([atMs, count]) => [atMs, count]), ahead, ban: this.datedBan() });
  }

  /** A clock that is set makes it neither longer nor shorter. */
  private leftOfBanMs(): number {
    return this.ban === null ? 0 : this.ban.endMs - this.time.monotonicMs();
  }

  private datedBan(): AddressUse['ban'] {
    if (this.ban === null) return null;
    const { lengthMs } = this.ban;
    return { untilMs: Math.ceil(this.time.nowMs() + this.leftOfBanMs()), lengthMs };
  }
}
