import type { ReconciliationView } from '../../src/api/reconciliation.ts';

/** What differs in the invented account: a position somebody else has opened. */
export function fakeReconciliation(nowMs: number): ReconciliationView {
  return {
    timeMs: nowMs,
    mode: 'ready',
    modeReason: 'All is fresh.',
    accountAgeMs: 900,
    comparedMs: nowMs,
    streak: 0,
    failures: 0,
    open: [
      {
        id: 'd1',
        kind: 'position-foreign',
        symbol: 'LTCUSDT',
        ours: 'none',
        theirs: 'short 1.5',
        firstMs: nowMs - 60_000,
        lastMs: nowMs,
        endedMs: null,
        resolution: null,
        evidence: '',
        fillIds: [],
        explanation: 'The exchange holds a short 1.5 of LTCUSDT that no order of ours made.',
        action: 'It is not touched.',
        offers: ['adopt', 'ignore'],
        ignored: null,
      },
    ],
    rows: [],
    nextCursor: null,
  };
}
