/** Counts events of the last `windowMs`, exactly: a full window has room again when its oldest event leaves it. */
export class SlidingWindow {
  readonly limit: number;
  readonly windowMs: number;
  private times: number[] = [];
  private head = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
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
