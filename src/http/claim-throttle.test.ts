import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../platform/virtual-time.ts';
import { ClaimThrottle } from './claim-throttle.ts';

describe('ClaimThrottle', () => {
  it('lets two failures pass and then doubles the wait up to a quarter of an hour', () => {
    const throttle = new ClaimThrottle(new VirtualTime(0));
    const waits = Array.from({ length: 15 }, () => {
      throttle.begin('a');
      return throttle.waitMs('a') / 1000;
    });
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('lets no more than 20 of 1,000 tries through, one a second', async () => {
    const time = new VirtualTime(0);
    const throttle = new ClaimThrottle(time);
    let judged = 0;
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      if (throttle.waitMs('a') === 0) {
        judged += 1;
        throttle.begin('a');
      }
      await time.advance(1000);
    }
    expect(judged).toBeLessThanOrEqual(20);
    expect(judged).toBeGreaterThan(5);
  });

  it('ends the wait when its time is over', async () => {
    const time = new VirtualTime(0);
    const throttle = new ClaimThrottle(time);
    for (let n = 0; n < 4; n += 1) throttle.begin('a');
    await time.advance(1999);
    expect(throttle.waitMs('a')).toBe(1);
    await time.advance(1);
    expect(throttle.waitMs('a')).toBe(0);
  });

  it('starts afresh after a success and knows sources apart', () => {
    const throttle = new ClaimThrottle(new VirtualTime(0));
    for (let n = 0; n < 5; n += 1) throttle.begin('a');
    expect(throttle.waitMs('b')).toBe(0);
    throttle.succeed('a');
    expect(throttle.waitMs('a')).toBe(0);
  });

  it('remembers a thousand sources', () => {
    const throttle = new ClaimThrottle(new VirtualTime(0));
    for (let n = 0; n < 3; n += 1) throttle.begin('first');
    for (let n = 0; n < 999; n += 1) throttle.begin(`other-${n}`);
    expect(throttle.waitMs('first')).toBe(1000);
    throttle.begin('one more');
    expect(throttle.waitMs('first')).toBe(0);
  });
});
