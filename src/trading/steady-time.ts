import type { Time } from '../platform/time.ts';

/** The wall clock and the time it should show may differ by so much: rounding, slow corrections. */
const TOLERANCE_MS = 2_000;

/**
 * A time whose wall clock does not follow the machine's when that is set to a time the exchange does not bear out: it
 * goes on with the monotonic clock until the machine's clock agrees with it or with the exchange again. What is decided
 * by it neither waits for an hour nor comes an hour early. A clock that only drifts is followed. One that was wrong from
 * the beginning cannot be seen to have been set: the first time the exchange tells decides.
 * @param exchangeTimeMs the exchange's time as far as it is known, UTC ms, on the monotonic clock; null: not known yet
 */
export function steadyTime(time: Time, exchangeTimeMs: () => number | null): Time {
  let offsetMs = time.nowMs() - time.monotonicMs();
  let isCompared = false;
  return {
    monotonicMs: () => time.monotonicMs(),
    after: (delayMs, task) => time.after(delayMs, task),
    nowMs: () => {
      const [wallMs, monotonicMs] = [time.nowMs(), time.monotonicMs()];
      const exchangeMs = exchangeTimeMs();
      if (!isCompared && exchangeMs !== null) {
        isCompared = true;
        if (!agrees(wallMs, exchangeMs)) offsetMs = exchangeMs - monotonicMs;
      }
      const expectedMs = monotonicMs + offsetMs;
      const isBorneOut = exchangeMs !== null && agrees(wallMs, exchangeMs);
      if (!agrees(wallMs, expectedMs) && !isBorneOut) return Math.round(expectedMs);
      offsetMs = wallMs - monotonicMs;
      return wallMs;
    },
  };
}

function agrees(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= TOLERANCE_MS;
}
