import { describe, expect, it } from 'vitest';
import { decimal, decimalText } from '../base/decimal.ts';
import { fundingShares, type HeldSpan, type Settlement } from './funding-share.ts';

const HOUR_MS = 3_600_000;

function span(
  tradeId: string,
  held: readonly (readonly [number, string])[],
  changes: Partial<HeldSpan> = {},
): HeldSpan {
  const steps = held.map(([timeMs, text], index) => ({ fillId: `${index}`, timeMs, held: decimal(text) }));
  const [openedMs, closedMs] = [held.at(0)?.[0] ?? 0, held.at(-1)?.[0] ?? 0];
  return { tradeId, direction: 'long', quantity: decimal(6), openedMs, closedMs, steps, ...changes };
}

function settled(timeMs: number, paid: string, held: string | null): Settlement {
  return { timeMs, paid: decimal(paid), held: held === null ? null : decimal(held) };
}

function shares(spans: readonly HeldSpan[], ...settlements: readonly Settlement[]): Record<string, string> {
  return Object.fromEntries(
    [...fundingShares(spans, settlements)].map(([id, paid]) => [id, decimalText(paid)]),
  );
}

describe('the funding of a position', () => {
  it('is what was charged while it was held, to the digit, and nothing of before and after', () => {
    const held = span('a', [
      [10_000, '6'],
      [HOUR_MS + 90_000, '0'],
    ]);
    const charged = [
      settled(4_999, '1', '6'),
      settled(HOUR_MS, '0.1234567891', '6'),
      settled(2 * HOUR_MS, '7', '6'),
    ];
    expect(shares([held], ...charged)).toEqual({ a: '0.1234567891' });
    expect(shares([held], settled(HOUR_MS, '-0.5', '6'))).toEqual({ a: '-0.5' });
  });

  it('is charged at the very moment of entry and of exit, and seconds after the hour it is for', () => {
    const held = span('a', [
      [HOUR_MS, '6'],
      [2 * HOUR_MS, '0'],
    ]);
    expect(shares([held], settled(HOUR_MS, '1', '6'), settled(2 * HOUR_MS, '2', '6'))).toEqual({ a: '3' });
    const late = span('a', [
      [HOUR_MS + 2_000, '6'],
      [2 * HOUR_MS, '0'],
    ]);
    expect(shares([late], settled(HOUR_MS, '1', '6'))).toEqual({ a: '1' });
    const tooLate = span('a', [
      [HOUR_MS + 6_000, '6'],
      [2 * HOUR_MS, '0'],
    ]);
    expect(shares([tooLate], settled(HOUR_MS, '1', '6'))).toEqual({ a: '0' });
  });

  it('of two that meet at a settlement is charged once, to the one that held', () => {
    const first = span('a', [
      [1, '6'],
      [HOUR_MS, '0'],
    ]);
    const second = span('b', [
      [HOUR_MS, '6'],
      [2 * HOUR_MS, '0'],
    ]);
    expect(shares([first, second], settled(HOUR_MS, '1', '6'))).toEqual({ a: '1', b: '0' });
    const smaller = span('b', [
      [HOUR_MS, '2'],
      [2 * HOUR_MS, '0'],
    ]);
    expect(shares([first, smaller], settled(HOUR_MS, '1', '2'))).toEqual({ a: '0', b: '1' });
    const other = span(
      'b',
      [
        [HOUR_MS, '6'],
        [2 * HOUR_MS, '0'],
      ],
      { direction: 'short' },
    );
    expect(shares([first, other], settled(HOUR_MS, '1', '-6'))).toEqual({ a: '0', b: '1' });
  });

  it('is our part of what the account held, and the part follows partial exits', () => {
    const held = span('a', [
      [1, '6'],
      [HOUR_MS + 60_000, '2'],
      [3 * HOUR_MS, '0'],
    ]);
    expect(shares([held], settled(HOUR_MS, '1', '10'), settled(2 * HOUR_MS, '1', '2'))).toEqual({ a: '1.6' });
  });

  it('without steps counts all of it as held; without a size, all of it as ours', () => {
    const old = span('a', [], { openedMs: 1, closedMs: 2 * HOUR_MS });
    expect(shares([old], settled(HOUR_MS, '1', '12'))).toEqual({ a: '0.5' });
    expect(shares([old], settled(HOUR_MS, '1', null))).toEqual({ a: '1' });
    expect(shares([old], settled(HOUR_MS, '1', '5'))).toEqual({ a: '1' });
  });
});
