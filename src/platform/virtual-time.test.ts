import { describe, expect, it } from 'vitest';
import { sleep } from './time.ts';
import { VirtualTime } from './virtual-time.ts';

describe('VirtualTime', () => {
  it('fires timers in order of due time, then of creation', async () => {
    const time = new VirtualTime(0);
    const fired: string[] = [];
    time.after(20, () => fired.push('late'));
    time.after(10, () => fired.push('first of ten'));
    time.after(10, () => fired.push('second of ten'));
    await time.advance(30);
    expect(fired).toEqual(['first of ten', 'second of ten', 'late']);
    expect(time.nowMs()).toBe(30);
  });

  it('runs promise reactions between two timers', async () => {
    const time = new VirtualTime(0);
    const seen: string[] = [];
    void sleep(time, 10).then(() => seen.push(`reaction at ${time.nowMs()}`));
    time.after(20, () => seen.push('timer at 20'));
    await time.advance(20);
    expect(seen).toEqual(['reaction at 10', 'timer at 20']);
  });

  it('does not fire a cancelled timer', async () => {
    const time = new VirtualTime(0);
    let fired = false;
    const cancel = time.after(5, () => {
      fired = true;
    });
    cancel();
    await time.advance(10);
    expect(fired).toBe(false);
  });
});
