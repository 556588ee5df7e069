import { describe, expect, it } from 'vitest';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { addedWorth } from './added-worth.ts';
import { type HeldTrade, HeldTrades } from './held-trades.ts';
import { worthSettingsSchema } from './settings.ts';
import type { PricedCandidate } from './solo-worth.ts';

const DAY_MS = 86_400_000;
const WORTH = worthSettingsSchema.parse({});

/** Ten USDT from one day to another; `null`: still open. */
function traded(name: string, [from, to]: readonly [number, number | null], pnlUsdt = 0): HeldTrade {
  return {
    instrumentId: name as InstrumentId,
    openedMs: from * DAY_MS,
    closedMs: to === null ? null : to * DAY_MS,
    notionalUsdt: 10,
    pnlUsdt,
  };
}

function blocked(name: string, [from, to]: readonly [number, number], pnlUsdt: number): PricedCandidate {
  return {
    candidate: {
      instrumentId: name as InstrumentId,
      direction: 'long',
      timeMs: from * DAY_MS,
      filters: ['trend'],
    },
    trade: { pnlUsdt, notionalUsdt: 10, endMs: to * DAY_MS, isOpen: false },
  };
}

function worthOf(
  priced: readonly PricedCandidate[],
  trades: readonly HeldTrade[],
  room: { readonly positionsMax?: number; readonly exposureMaxUsdt?: number } = {},
) {
  const portfolio = { held: new HeldTrades(trades), positionsMax: 2, exposureMaxUsdt: 1_000, ...room };
  return addedWorth(priced, portfolio, WORTH);
}

describe('a blocked entry added to what was traded', () => {
  it('changes what it made where there is room', () => {
    const worth = worthOf([blocked('A', [1, 3], -4)], [traded('B', [0, 9], 5)]);
    expect(worth).toMatchObject({ entered: 1, noRoom: 0, displaced: 0, totalSavedUsdt: 4, wins: 0 });
  });

  it('changes nothing where every slot was taken, or its instrument, or the exposure', () => {
    const full = [traded('B', [0, 9]), traded('C', [0, null])];
    expect(worthOf([blocked('A', [1, 3], -4)], full)).toMatchObject({ noRoom: 1, totalSavedUsdt: 0 });
    expect(worthOf([blocked('B', [1, 3], -4)], [traded('B', [0, 9])])).toMatchObject({ noRoom: 1 });
    const narrow = { exposureMaxUsdt: 15 };
    expect(worthOf([blocked('A', [1, 3], -4)], [traded('B', [0, 9])], narrow)).toMatchObject({ noRoom: 1 });
  });

  it('keeps out the entry that finds no slot any more, and loses what that made', () => {
    const trades = [traded('B', [0, 9], 1), traded('C', [2, 5], 7)];
    const worth = worthOf([blocked('A', [1, 3], -4)], trades);
    // The 4 it lost and the 7 that C would not have made.
    expect(worth).toMatchObject({ entered: 1, displaced: 1, displacedPnlUsdt: 7, totalSavedUsdt: 11 });
    const winner = worthOf([blocked('A', [1, 3], 9)], trades);
    expect(winner).toMatchObject({ totalSavedUsdt: -2, wins: 1, winRatePct: 100 });
  });

  it('keeps out none that comes when it has ended, and lets in the next when one was kept out', () => {
    const later = [traded('B', [0, 9], 1), traded('C', [3, 5], 7)];
    expect(worthOf([blocked('A', [1, 3], -4)], later)).toMatchObject({ displaced: 0, totalSavedUsdt: 4 });
    // Beside A there is one slot. C is kept out while B is held; D comes when B has gone and C was never there.
    const two = [traded('B', [0, 3], 1), traded('C', [2, 8], 7), traded('D', [4, 8], 20)];
    expect(worthOf([blocked('A', [1, 6], 0)], two)).toMatchObject({ displaced: 1, displacedPnlUsdt: 7 });
  });

  it('keeps out its own instrument, however many slots there are', () => {
    const worth = worthOf([blocked('A', [1, 9], 2)], [traded('A', [4, 6], 3)], { positionsMax: 50 });
    expect(worth).toMatchObject({ displaced: 1, totalSavedUsdt: 1 });
  });

  it('keeps out what the exposure has no room for any more', () => {
    const trades = [traded('B', [2, 5], 7)];
    const worth = worthOf([blocked('A', [1, 3], 0)], trades, { positionsMax: 50, exposureMaxUsdt: 19 });
    expect(worth).toMatchObject({ displaced: 1, totalSavedUsdt: 7 });
  });

  it('is not to blame for an entry that had no room without it: limits have changed since', () => {
    const trades = [{ ...traded('B', [2, 5], 7), notionalUsdt: 50 }];
    const worth = worthOf([blocked('A', [1, 4], -4)], trades, { exposureMaxUsdt: 25 });
    expect(worth).toMatchObject({ entered: 1, displaced: 0, totalSavedUsdt: 4 });
  });

  it('is judged with an interval once there are enough of them', () => {
    const many = Array.from({ length: 120 }, (_, day) => blocked('A', [day * 2, day * 2 + 1], -1));
    expect(worthOf(many.slice(0, 20), []).interval).toBeNull();
    const { interval, meanSavedUsdt } = worthOf(many, []);
    expect(meanSavedUsdt).toBe(1);
    expect(interval?.low).toBeGreaterThan(0);
  });
});

describe('trades by the time they were held', () => {
  it('are those opened before and not closed by then, however long ago', () => {
    const trades = [traded('A', [0, 50]), traded('B', [1, 2]), traded('C', [3, null]), traded('D', [10, 11])];
    const names = (day: number) =>
      new HeldTrades(trades)
        .heldAt(day * DAY_MS)
        .map(({ instrumentId }) => instrumentId)
        .sort();
    expect([names(0), names(1.5), names(10), names(10.5), names(60)]).toEqual([
      [],
      ['A', 'B'],
      ['A', 'C'],
      ['A', 'C', 'D'],
      ['C'],
    ]);
  });
});
