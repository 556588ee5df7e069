import { describe, expect, it } from 'vitest';
import { decimal } from '../base/decimal.ts';
import type { Transfer } from '../domain/position.ts';
import { gateLimits } from './gate-limits.ts';
import { type EquityMark, lossRefusal, marksAfter } from './gate-loss.ts';
import { riskSettingsSchema } from './settings.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 0, 2, 12);
/** 3 % of a day, 6 % of 24 hours. */
const LIMITS = gateLimits(riskSettingsSchema.parse({}));

function mark(hoursAgo: number, equity: number | string): EquityMark {
  return { asOfMs: NOON_MS - hoursAgo * HOUR_MS, equity: decimal(equity) };
}

function judged(equity: string, marks: readonly EquityMark[], transfers: readonly Transfer[] | null = []) {
  return lossRefusal({ nowMs: NOON_MS, marks, transfers }, decimal(equity), LIMITS)?.code ?? null;
}

describe('losses at the gate', () => {
  it.each([
    ['970.01', null],
    ['970', 'gate.loss.daily'],
    ['1200', null],
  ])('of a day that began with 1,000 and has come to %s: %s', (equity, code) => {
    expect(judged(equity, [mark(12, 1_000)])).toBe(code);
  });

  it.each([
    ['940.01', null],
    ['940', 'gate.loss.rolling'],
  ])('of 24 hours count from their best hour, over midnight: %s is %s', (equity, code) => {
    expect(judged(equity, [mark(20, 900), mark(15, 1_000), mark(12, 950)])).toBe(code);
  });

  it('that are older than 24 hours are over', () => {
    expect(judged('900', [mark(26, 1_000), mark(12, 900)])).toBeNull();
  });

  it.each([
    ['taken out is none', '500', -500, null],
    ['put in hides none', '1454.9', 500, 'gate.loss.daily'],
    ['put in is there to be lost too', '1455.1', 500, null],
  ])('are results of trading: money %s', (_what, equity, amount, code) => {
    const moved = { timeMs: NOON_MS - HOUR_MS, amount: decimal(amount) };
    expect(judged(equity, [mark(12, 1_000)], [moved])).toBe(code);
  });

  it.each([
    ['transfers', [mark(1, 1_000)], null],
    ['marks of the day', [mark(13, 1_000)], []],
    ['marks at all', [], []],
  ])('without known %s are not known', (_what, marks, transfers) => {
    expect(judged('1000', marks, transfers)).toBe('gate.loss.unknown');
  });

  it('before there was money are none', () => {
    const deposit = { timeMs: NOON_MS - 2 * HOUR_MS - 1, amount: decimal(1_000) };
    expect(judged('999', [mark(2, 1_000), mark(12, 0)].reverse(), [deposit])).toBeNull();
    expect(judged('999', [mark(12, 0), mark(2, 1_000)], [])).toBe('gate.loss.daily');
  });

  it('are counted from the first reading of each hour, for a day and an hour', () => {
    const first = marksAfter([], mark(2, 1));
    expect(marksAfter(first, { asOfMs: first[0]?.asOfMs ?? 0, equity: decimal(2) })).toBe(first);
    expect(marksAfter(first, mark(1, 3)).map(({ equity }) => equity.toNumber())).toEqual([1, 3]);
    expect(marksAfter(first, mark(-24, 4)).map(({ equity }) => equity.toNumber())).toEqual([4]);
  });
});
