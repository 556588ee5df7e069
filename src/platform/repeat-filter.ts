/** How long a message stays silent after it was written. */
const WINDOW_MS = 60_000;
/** Messages remembered at once; the oldest is let go first. */
const MESSAGES_MAX = 1_000;

/** A message that came `count` more times within the minute after it was written. */
interface Repeated<T> {
  readonly message: T;
  readonly count: number;
}

interface Window<T> {
  readonly message: T;
  readonly startMs: number;
  count: number;
}

/**
 * Lets a message through once a minute and counts the rest. It needs no timer: windows that have run out are
 * reported at the next message of any kind (`expire`), or by `flush`.
 */
export class RepeatFilter<T> {
  /** Oldest window first: insertion order is time order. */
  private readonly windows = new Map<string, Window<T>>();

  /** Whether to write `message` now. Equal messages have equal keys. */
  admit(key: string, message: T, monotonicMs: number): boolean {
    const window = this.windows.get(key);
    if (window !== undefined) {
      window.count += 1;
      return false;
    }
    this.windows.set(key, { message, startMs: monotonicMs, count: 0 });
    return true;
  }

  /** Closes the windows that have run out; gives those with repetitions. Call it before `admit`. */
  expire(monotonicMs: number): readonly Repeated<T>[] {
    const ended: Window<T>[] = [];
    for (const [key, window] of this.windows) {
      if (monotonicMs - window.startMs < WINDOW_MS && this.windows.size <= MESSAGES_MAX) break;
      this.windows.delete(key);
      ended.push(window);
    }
    return ended.filter(({ count }) => count > 0);
  }

  /** Closes all windows; gives those with repetitions. */
  flush(): readonly Repeated<T>[] {
    const ended = [...this.windows.values()];
    this.windows.clear();
    return ended.filter(({ count }) => count > 0);
  }
}
