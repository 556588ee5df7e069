import type { HeldWorth } from '../../src/api/filter-worth.ts';

const NOTHING = {
  candidates: 0,
  trades: 0,
  overlapping: 0,
  unpriced: 0,
  open: 0,
  wins: 0,
  winRatePct: null,
  meanSavedUsdt: null,
  totalSavedUsdt: 0,
  interval: null,
  blockDays: 7,
};

const NOTHING_ADDED = {
  entered: 0,
  noRoom: 0,
  displaced: 0,
  displacedPnlUsdt: 0,
  wins: 0,
  winRatePct: null,
  meanSavedUsdt: null,
  totalSavedUsdt: 0,
  interval: null,
  blockDays: 7,
};

/** One filter that has blocked nothing that could be judged. */
export const FILTER_WORTH: HeldWorth = {
  timeframe: '6h',
  judgedMs: 1_760_000_000_000,
  settingsVersion: 3,
  stale: false,
  blocked: 0,
  pending: 3,
  sinceMs: null,
  filters: [
    { filter: 'trend', verdict: 'not-enough-data', alone: NOTHING, shared: NOTHING, added: NOTHING_ADDED },
  ],
};
