/** Names come from answers of the outside world: more than this many different ones are counted together. */
const NAMES_MAX = 200;
const OVERFLOW = 'other';

/** Counts by name: how often something happened since the start. */
export class Counters {
  private readonly counts = new Map<string, number>();

  add(name: string): void {
    const key = this.counts.has(name) || this.counts.size < NAMES_MAX ? name : OVERFLOW;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  snapshot(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}
