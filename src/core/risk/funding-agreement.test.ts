import { describe, expect, it } from 'vitest';
import { fundingFault } from './funding-agreement.ts';

describe('the funding limits of entry and exit', () => {
  it('agree when the exit allows what one of three payments a day may be at entry', () => {
    expect(fundingFault({ fundingExitPctMax: 0.1, fundingPctMaxPerDay: 0.3 })).toBeNull();
    expect(fundingFault({ fundingExitPctMax: 0.5, fundingPctMaxPerDay: 0.3 })).toBeNull();
  });

  it('agree when funding ends no position', () => {
    expect(fundingFault({ fundingExitPctMax: null, fundingPctMaxPerDay: 10 })).toBeNull();
    expect(fundingFault({ fundingExitPctMax: null, fundingPctMaxPerDay: null })).toBeNull();
  });

  it('are refused with their numbers when an entry would be closed at once', () => {
    expect(fundingFault({ fundingExitPctMax: 0.1, fundingPctMaxPerDay: 0.6 })).toMatch(
      /0[.]6 % a day.*takes 0[.]2 or more/,
    );
  });

  it('are refused when only the exit has one', () => {
    expect(fundingFault({ fundingExitPctMax: 0.1, fundingPctMaxPerDay: null })).toContain(
      'fundingPctMaxPerDay',
    );
  });
});
