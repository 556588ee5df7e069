import { describe, expect, it } from 'vitest';
import { summaryOf } from './risk-desk.ts';

describe('the summary of unprotected times', () => {
  it('gives nearest ranks of what was measured', () => {
    const timesMs = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summaryOf(timesMs)).toEqual({ count: 200, p50Ms: 100, p99Ms: 198, maxMs: 200 });
    expect(summaryOf([7])).toEqual({ count: 1, p50Ms: 7, p99Ms: 7, maxMs: 7 });
  });

  it('knows nothing of none', () => {
    expect(summaryOf([])).toEqual({ count: 0, p50Ms: null, p99Ms: null, maxMs: null });
  });
});
