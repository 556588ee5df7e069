import { assert } from '../base/assert.ts';

/** How much slack may gather before old entries are cut off in one go. */
const SLACK_RATE = 0.25;

/** A list in order of arrival that forgets its oldest entries, so that months of running stay in memory. */
export class BoundedLog<T> {
  private entries: T[] = [];
  private readonly capacity: number;
  private readonly onForgotten: (entry: T) => void;

  constructor(capacity: number, onForgotten: (entry: T) => void = ignore) {
    assert(capacity > 0, 'A log keeps at least one entry.');
    this.capacity = capacity;
    this.onForgotten = onForgotten;
  }

  /** Takes up where another log stood: what that one still kept, oldest first. */
  resume(entries: readonly T[]): void {
    assert(this.entries.length === 0, 'A log is taken up before anything is written in it.');
    this.entries = [...entries];
  }

  append(entry: T): void {
    this.entries.push(entry);
    if (this.entries.length <= this.capacity * (1 + SLACK_RATE)) return;
    const cut = this.entries.length - this.capacity;
    for (const forgotten of this.entries.slice(0, cut)) this.onForgotten(forgotten);
    this.entries = this.entries.slice(cut);
  }

  /** Oldest first. */
  all(): readonly T[] {
    return this.entries;
  }

  /** Newest first: how exchanges list. */
  newestFirst(): readonly T[] {
    return this.entries.toReversed();
  }

  /** Replaces the newest entry that matches. False when none does. */
  replaceLast(matches: (entry: T) => boolean, replace: (entry: T) => T): boolean {
    const at = this.entries.findLastIndex(matches);
    const found = this.entries[at];
    if (found === undefined) return false;
    this.entries[at] = replace(found);
    return true;
  }
}

function ignore(): void {
  // Most logs have nothing to carry over from what they forget.
}
