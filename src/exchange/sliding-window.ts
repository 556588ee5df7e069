/** Counts events of the last `windowMs`, exactly: a full window has room again when its oldest event leaves it. */
export class SlidingWindow {
  readonly windowMs: number;
  private readonly limitMax: number;
  private stated: number;
  private times: number[] = [];
  private head = 0;

  constructor(limit: number, windowMs: number) {
    this.limitMax = limit;
    this.stated = limit;
    this.windowMs = windowMs;
  }

  get limit(): number {
    return this.stated;
  }

  /** From now on no more than this, and never more than it was made for. */
  limitTo(limit: number): void {
    this.stated = Math.min(limit, this.limitMax);
  }

  used(nowMs: number): number {
    this.drop(nowMs);
    return this.times.length - this.head;
  }

  hasRoom(nowMs: number): boolean {
    return this.used(nowMs) < this.limit;
  }

  /** When the next place becomes free; null while there is room. */
  freeAtMs(nowMs: number): number | null {
    if (this.hasRoom(nowMs)) return null;
    return (this.times[this.times.length - this.limit] ?? nowMs) + this.windowMs;
  }

  add(nowMs: number): void {
    this.times.push(nowMs);
  }

  private drop(nowMs: number): void {
    while (this.head < this.times.length && (this.times[this.head] ?? 0) + this.windowMs <= nowMs)
      this.head += 1;
    if (this.head > 0 && this.head * 2 >= this.times.length) {
      this.times = this.times.slice(this.head);
      this.head = 0;
    }
  }
}
