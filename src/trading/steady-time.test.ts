import { expect, it } from 'vitest';
import { steadyTime } from './steady-time.ts';

const HOUR_MS = 3_600_000;

function clocks(isKnown = true) {
  const at = { wallMs: 50 * HOUR_MS, monotonicMs: 700, exchangeMs: 50 * HOUR_MS + 300, isKnown };
  const steady = steadyTime(
    { nowMs: () => at.wallMs, monotonicMs: () => at.monotonicMs, after: () => () => undefined },
    () => (at.isKnown ? at.exchangeMs : null),
  );
  const pass = (ms: number, setMs = 0): number => {
    at.wallMs += ms + setMs;
    at.monotonicMs += ms;
    at.exchangeMs += ms;
    return steady.nowMs() - 50 * HOUR_MS;
  };
  return { at, pass };
}

it.each([1, -1, 24, -24])('goes on as before while the clock is %d hours off, and after', (hours) => {
  const { pass } = clocks();
  expect(pass(1_000)).toBe(1_000);
  expect(pass(1_000, hours * HOUR_MS)).toBe(2_000);
  expect(pass(60_000)).toBe(62_000);
  expect(pass(1_000, -hours * HOUR_MS)).toBe(63_000);
  expect(pass(1_000)).toBe(64_000);
});

it('follows a clock that drifts, and one that the exchange bears out', () => {
  const { at, pass } = clocks();
  expect(pass(1_000, 600)).toBe(1_600);
  expect(pass(1_000, 600)).toBe(3_200);
  // The machine slept: the monotonic clock stood, and the exchange was asked for its time since.
  at.exchangeMs += HOUR_MS;
  expect(pass(0, HOUR_MS)).toBe(3_200 + HOUR_MS);
});

it.each([1, -1, 24, -24])(
  'is the exchange’s once that is known, where the clock was %d hours off from the beginning',
  (hours) => {
    const { at, pass } = clocks(false);
    at.wallMs += hours * HOUR_MS;
    at.isKnown = true;
    expect(pass(1_000)).toBe(1_300);
    expect(pass(60_000)).toBe(61_300);
    expect(pass(1_000, -hours * HOUR_MS)).toBe(62_000);
    // An exchange whose clock goes wrong later moves nothing.
    at.exchangeMs += HOUR_MS;
    expect(pass(1_000)).toBe(63_000);
  },
);
