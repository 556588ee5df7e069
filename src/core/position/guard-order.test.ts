import { describe, expect, it } from 'vitest';
import { at, held, OPENED_MS, rules, STEP_MS } from '../../../test/fixture/guarded-position.ts';
import { EMPTY_GUARD_MEMORY } from './guard-memory.ts';
import { guardPosition } from './guard-position.ts';

describe('the order of rules', () => {
  const past = { exit: rules({ positionHoursMax: 1 }), paused: false };
  const old = OPENED_MS + 3_600_000;

  it.each([
    ['the stop first', { markPrice: 80, lastPrice: 160, timeMs: old, deliveryTimeMs: old }, 'stop-loss'],
    ['delisting before profit', { markPrice: 160, lastPrice: 160, deliveryTimeMs: old }, 'delisting'],
    ['profit before age', { markPrice: 160, lastPrice: 160, timeMs: old }, 'take-profit'],
    ['age without any price', { markPrice: null, lastPrice: null, timeMs: old }, 'time-limit'],
    ['nothing before its time', { markPrice: 110, lastPrice: 110, timeMs: old - 1 }, null],
  ] as const)('%s', (_, moment, reason) => {
    const { finding } = guardPosition(held('long'), EMPTY_GUARD_MEMORY, at(100, moment), past);
    expect(finding?.reason ?? null).toBe(reason);
  });

  it.each([
    [24, 'delisting'],
    [24.01, null],
  ] as const)('leaves an instrument %d hours before its delivery: %s', (hours, reason) => {
    const moment = at(100, { deliveryTimeMs: OPENED_MS + STEP_MS + hours * 3_600_000 });
    const { finding } = guardPosition(held('long'), EMPTY_GUARD_MEMORY, moment, {
      exit: rules(),
      paused: false,
    });
    expect(finding?.reason ?? null).toBe(reason);
  });

  it.each([
    ['long', 0.0011, 'funding'],
    ['long', 0.001, null],
    ['long', -0.01, null],
    ['short', -0.0011, 'funding'],
    ['short', 0.01, null],
    ['long', null, null],
    ['long', Number.NaN, null],
  ] as const)('leaves a %s before funding of rate %s: %s', (direction, fundingRate, reason) => {
    const moment = at(100, { fundingRate });
    const exit = rules({ fundingExitPctMax: 0.1 });
    const { finding } = guardPosition(held(direction), EMPTY_GUARD_MEMORY, moment, { exit, paused: false });
    expect(finding?.reason ?? null).toBe(reason);
  });
});

describe('partial take-profits', () => {
  const parts = [
    { profitPct: 10, sharePct: 50 },
    { profitPct: 20, sharePct: 25 },
  ];
  const exit = rules({ partialTakeProfits: parts, breakEvenTriggerPct: null });
  const due = (price: number, partialsDone: readonly number[] = [], paused = false) =>
    guardPosition(held('long'), { ...EMPTY_GUARD_MEMORY, partialsDone }, at(price), { exit, paused }).partial;

  it('come one by one, lowest first, each once', () => {
    expect(due(109.99)).toBeNull();
    expect(due(110)).toEqual(parts[0]);
    expect(due(125)).toEqual(parts[0]);
    expect(due(125, [10])).toEqual(parts[1]);
    expect(due(125, [10, 20])).toBeNull();
  });

  it('wait while the bot is paused', () => {
    expect(due(125, [], true)).toBeNull();
  });

  it('give way to what ends all of the position', () => {
    const { finding, partial } = guardPosition(held('long'), EMPTY_GUARD_MEMORY, at(150), {
      exit,
      paused: false,
    });
    expect([finding?.reason, partial]).toEqual(['take-profit', null]);
  });
});

describe('a paused bot', () => {
  it('keeps protecting', () => {
    const woken = guardPosition(held('long'), EMPTY_GUARD_MEMORY, at(131), { exit: rules(), paused: true });
    const { finding } = guardPosition(held('long'), woken.memory, at(120), { exit: rules(), paused: true });
    expect(finding?.reason).toBe('trailing-stop');
  });

  it('puts no waiting RSI exit through', () => {
    const memory = { ...EMPTY_GUARD_MEMORY, rsiExitWaiting: true };
    const exit = rules({ rsiExitWaitBreakEven: true });
    const reason = (price: number, paused: boolean) =>
      guardPosition(held('long'), memory, at(price), { exit, paused }).finding?.code ?? null;
    expect([reason(100.06, true), reason(100.06, false), reason(100.04, false)]).toEqual([
      null,
      'exit.rsi-exit.recovered',
      null,
    ]);
  });
});
