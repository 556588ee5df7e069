import { OPEN_FILTERS } from '../fixture/open-filters.ts';

/** Filters that leave enough entries for trouble to happen to. */
export const MANY_ENTRIES = {
  signal: { adaptiveEnabled: false, confirmEnabled: false },
  filter: OPEN_FILTERS,
};

/** Entries in three orders, near enough to fill within minutes. */
export const NEAR_LADDER = {
  entryMethod: 'ladder',
  rungs: [0, 0.3, 0.8].map((offsetPct) => ({ offsetPct, weight: 1 })),
  rungsLifeCandles: 2,
};

/** Rules that follow a profit, near enough to move stops and sell parts within minutes. */
export const NEAR_EXITS = {
  partialTakeProfits: [
    { profitPct: 0.5, sharePct: 30 },
    { profitPct: 1, sharePct: 30 },
  ],
  breakEvenTriggerPct: 0.7,
  trailingActivationPct: 1.2,
  trailingDistancePct: 0.6,
};
