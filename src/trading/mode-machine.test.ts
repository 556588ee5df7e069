import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ModeChange, ModeMachine } from './mode-machine.ts';
import type { Doubt, Mode } from './trading-mode.ts';

const STREAM: Doubt = { code: 'market-stream', mode: 'reduce-only', reason: 'The market stream is down.' };
const STORE: Doubt = { code: 'store', mode: 'reduce-only', reason: 'The disk is full.' };
const HALTED: Doubt = { code: 'halted', mode: 'halted', reason: 'Trading is halted.' };
const FIRST: Doubt = { code: 'first-read', mode: 'starting', reason: 'It is read.' };
const UNREAD: Doubt = { code: 'account-unread', mode: 'reconciling', reason: 'Not read.' };

function bench() {
  const changes: ModeChange[] = [];
  const machine = new ModeMachine(1_000, (change) => changes.push(change));
  const at = (ms: number, ...doubts: Doubt[]) => {
    machine.observe(doubts, { nowMs: 1_000 + ms, monotonicMs: ms });
    return machine.reading(doubts).mode;
  };
  return { machine, changes, at, moves: () => changes.map(({ from, to }) => `${from} > ${to}`) };
}

describe('the mode machine', () => {
  it('starts through reconciling, also where both were reached between two looks', () => {
    const slow = bench();
    expect([slow.at(0, FIRST), slow.at(1, UNREAD), slow.at(2)]).toEqual(['starting', 'reconciling', 'ready']);
    const quick = bench();
    expect(quick.at(0)).toBe('ready');
    expect(quick.moves()).toEqual(['starting > reconciling', 'reconciling > ready']);
  });

  it('leaves ready at the first doubt and comes back after five seconds without any, not before', () => {
    const { at, changes } = bench();
    at(0);
    expect(at(1_000, STREAM)).toBe('reduce-only');
    expect(at(2_000)).toBe('reduce-only');
    expect(at(5_999)).toBe('reduce-only');
    expect(at(6_000)).toBe('ready');
    expect(changes.at(-1)).toEqual({
      timeMs: 7_000,
      from: 'reduce-only',
      to: 'ready',
      reason: 'Account, market and streams are fresh.',
      evidence: { gone: 'market-stream', quietMs: 5_000 },
    });
  });

  it('does not flap with a doubt that comes and goes', () => {
    const { at, moves } = bench();
    at(0);
    for (let second = 1; second <= 60; second += 1) at(second * 1_000, ...(second % 4 === 0 ? [STREAM] : []));
    expect(moves()).toEqual(['starting > reconciling', 'reconciling > ready', 'ready > reduce-only']);
  });

  it('counts a doubt before it was observed, but not its end', () => {
    const { machine, at } = bench();
    at(0);
    expect(machine.reading([STREAM]).mode).toBe('reduce-only');
    at(1, STREAM);
    expect(machine.reading([])).toMatchObject({ mode: 'reduce-only', sinceMs: 1_001 });
    expect(machine.reading([]).reason).toContain('The market stream is down.');
  });

  it('tells all reasons, the one that decides first', () => {
    const { machine, at } = bench();
    at(0, STORE, STREAM);
    expect(machine.reading([STORE, STREAM]).reasons).toEqual([STORE.reason, STREAM.reason]);
  });

  it('is halted from anywhere at once, and left as soon as a person lifts it', () => {
    const { at, moves } = bench();
    at(0, FIRST);
    expect(at(1, HALTED)).toBe('halted');
    expect(at(2, FIRST)).toBe('starting');
    at(3);
    at(4, HALTED, STREAM);
    expect(at(5)).toBe('ready');
    expect(moves().slice(-2)).toEqual(['ready > halted', 'halted > ready']);
  });

  it('is never ready with a doubt, whatever comes in whatever order', () => {
    const doubt = fc.constantFrom(STREAM, STORE, HALTED, FIRST, UNREAD);
    const looks = fc.array(fc.tuple(fc.nat(4_000), fc.array(doubt, { maxLength: 2 })), { maxLength: 60 });
    fc.assert(
      fc.property(looks, (course) => {
        const { machine, changes } = bench();
        let ms = 0;
        for (const [wait, doubts] of course) {
          ms += wait;
          machine.observe(doubts, { nowMs: ms, monotonicMs: ms });
          const { mode } = machine.reading(doubts);
          if (doubts.length > 0) expect(mode).not.toBe('ready');
        }
        let last: Mode = 'starting';
        for (const { from, to } of changes) {
          expect(from).toBe(last);
          last = to;
        }
      }),
    );
  });
});
