import { z } from 'zod';

/** Readings of a position further apart than this were not all answered: what is between them counts no further, ms. */
const CONTACT_MS_MAX = 5_000;
/** A position is looked at this often where no reading comes, ms. */
const TIMER_MS = 2_000;

/** What of it must survive a restart. */
export const stopWatchSchema = z.strictObject({
  /** Since when no stop is confirmed, ms; null while one is, and before the first fill. */
  sinceMs: z.number().nullable(),
  /** When the exchange last stated the position, or told its first fill, by our clock, ms; null before. */
  seenMs: z.number().nullable(),
  /** Of the time from `sinceMs` to `seenMs`, what the exchange could be read in, ms. */
  countedMs: z.number(),
  /** Sum of the times without a confirmed stop that are over, ms. */
  earlierMs: z.number(),
  /** People were told of the present one. */
  told: z.boolean(),
});

/**
 * The time a position is held without a stop the exchange was seen to hold. Two clocks: one that people are shown,
 * which never pauses, and one that rules go by, which stands still while the exchange cannot be read.
 */
export type StopWatch = Readonly<z.infer<typeof stopWatchSchema>>;

/** Of a position that has not filled. */
export const IDLE_WATCH: StopWatch = {
  sinceMs: null,
  seenMs: null,
  countedMs: 0,
  earlierMs: 0,
  told: false,
};

/** From the first fill on the position is held, and no stop of it is confirmed yet. */
export function watchFromFill(fillMs: number, nowMs: number): StopWatch {
  return { ...IDLE_WATCH, sinceMs: Math.min(fillMs, nowMs), seenMs: nowMs };
}

/**
 * After a reading that states the position. Where the stop was confirmed before and is gone now, it counts as gone
 * since the reading before.
 */
export function watchReading(watch: StopWatch, confirmed: boolean, nowMs: number): StopWatch {
  const { sinceMs, seenMs, earlierMs } = watch;
  if (confirmed) {
    const lastedMs = sinceMs === null ? 0 : nowMs - sinceMs;
    return { ...IDLE_WATCH, seenMs: nowMs, earlierMs: earlierMs + lastedMs };
  }
  const goneMs = seenMs ?? nowMs;
  return {
    ...watch,
    sinceMs: sinceMs ?? goneMs,
    seenMs: nowMs,
    countedMs: watch.countedMs + contactMs(goneMs, nowMs),
  };
}

/**
 * How long no stop has been confirmed while the exchange could be read, ms; 0 while one is confirmed. Time counts up
 * to 5 seconds after each reading that stated the position, and on from the next one.
 */
export function reachableMs({ sinceMs, seenMs, countedMs }: StopWatch, nowMs: number): number {
  return sinceMs === null || seenMs === null ? 0 : countedMs + contactMs(seenMs, nowMs);
}

/** True while the newest reading that stated the position is one a rule may still act on: its 5 seconds, and a timer's 2. */
export function isInContact({ seenMs }: StopWatch, nowMs: number): boolean {
  return seenMs !== null && nowMs - seenMs <= CONTACT_MS_MAX + TIMER_MS;
}

/** All time without a confirmed stop so far, the exchange readable or not, ms. */
export function unprotectedMs({ sinceMs, earlierMs }: StopWatch, nowMs: number): number {
  return earlierMs + (sinceMs === null ? 0 : Math.max(0, nowMs - sinceMs));
}

function contactMs(fromMs: number, toMs: number): number {
  return Math.min(Math.max(0, toMs - fromMs), CONTACT_MS_MAX);
}
