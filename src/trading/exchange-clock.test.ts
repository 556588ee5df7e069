import { expect, it } from 'vitest';
import { known } from '../core/domain/reading.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { clockFault, keepClock } from './exchange-clock.ts';

const time = new VirtualTime(1_800_000_000_000);

function clock(errorMs: number | null, offMs = 0) {
  return { clockErrorMs: () => errorMs, timeMs: () => time.nowMs() - offMs };
}

it.each([
  ['is not measured yet', clock(null, 3_600_000), null],
  ['is known to a second', clock(1_000), null],
  ['is known a millisecond worse', clock(1_001), '1.0 s only'],
  ['is a minute away from ours', clock(10, -60_000), null],
  ['is overtaken by ours by more', clock(10, 61_000), '61 s ahead of'],
  ['is an hour ahead of ours', clock(10, -3_600_000), '3600 s behind'],
])('the exchange’s time %s', (_what, stated, words) => {
  const fault = clockFault(stated, time);
  if (words === null) expect(fault).toBeNull();
  else expect(fault).toContain(words);
});

it.each([
  [null, 0],
  [250, 0],
  [251, 1],
])('an error of %s ms has it measured %i times', async (errorMs, times) => {
  let measured = 0;
  const readTime = async () => {
    measured += 1;
    return known(0, 0, 'test');
  };
  await keepClock({ ...clock(errorMs), readTime });
  expect(measured).toBe(times);
});
