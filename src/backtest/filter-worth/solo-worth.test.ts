import { describe, expect, it } from 'vitest';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { BlockedCandidate } from './blocked-candidates.ts';
import { worthSettingsSchema } from './settings.ts';
import type { SoloTrade } from './solo-trade.ts';
import { priceInTurn, soloWorth } from './solo-worth.ts';

const DAY_MS = 86_400_000;

function blocked(name: string, day: number): BlockedCandidate {
  return {
    instrumentId: name as InstrumentId,
    direction: 'long',
    timeMs: day * DAY_MS,
    filters: ['trend'],
  };
}

/** Lasts three days and loses the day's number, or wins it where that is even. */
function threeDays({ timeMs }: BlockedCandidate): SoloTrade {
  const day = timeMs / DAY_MS;
  return { pnlUsdt: day % 2 === 0 ? day : -day, notionalUsdt: 10, endMs: timeMs + 3 * DAY_MS, isOpen: false };
}

describe('blocked entries', () => {
  it('are priced one position an instrument at a time', () => {
    const candidates = [blocked('A', 1), blocked('A', 2), blocked('B', 2), blocked('A', 4), blocked('A', 5)];
    const { priced, overlapping, unpriced } = priceInTurn(candidates, threeDays);
    expect(priced.map(({ candidate }) => candidate)).toEqual([candidates[0], candidates[2], candidates[3]]);
    expect([overlapping, unpriced]).toEqual([2, 0]);
  });

  it('that could not be entered leave room for the next one', () => {
    const candidates = [blocked('A', 1), blocked('A', 2)];
    const { priced, unpriced } = priceInTurn(candidates, (candidate) =>
      candidate === candidates[0] ? null : threeDays(candidate),
    );
    expect([priced.length, unpriced]).toEqual([1, 1]);
  });

  it('saved what they would have lost', () => {
    const candidates = [blocked('A', 1), blocked('B', 2), blocked('C', 3)];
    const worth = soloWorth(priceInTurn(candidates, threeDays), worthSettingsSchema.parse({}));
    // Lost 1 and 3, won 2.
    expect(worth).toMatchObject({ trades: 3, wins: 1, totalSavedUsdt: 2, interval: null });
    expect(worth.winRatePct).toBeCloseTo(100 / 3, 9);
    expect(worth.meanSavedUsdt).toBeCloseTo(2 / 3, 9);
  });

  it('are drawn in blocks that nine of ten trades fit in', () => {
    const candidates = Array.from({ length: 20 }, (_, i) => blocked(`C${i}`, i));
    const lasting = (days: number) => (candidate: BlockedCandidate) => ({
      ...threeDays(candidate),
      endMs: candidate.timeMs + (candidate.timeMs < 2 * DAY_MS ? 400 : days) * DAY_MS,
    });
    const settings = worthSettingsSchema.parse({});
    const daysOf = (days: number) => soloWorth(priceInTurn(candidates, lasting(days)), settings).blockDays;
    expect([daysOf(3), daysOf(12)]).toEqual([7, 12]);
  });
});
