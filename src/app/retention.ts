import type { Job } from '../platform/scheduled-job.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** They need not run while everything else does. */
const JITTER_RATE = 0.1;

/**
 * How long explanations are kept, and how many at most: whichever ends first. A year of 6-hour closes of 600
 * instruments with its full records takes about 95 MB; on shorter candles the numbers hold the disk below 350 MB, for
 * fewer days.
 */
const RETENTION = {
  /** Full records are packed when they are this old: until then they are read most. */
  packAfterMs: HOUR_MS,
  decisionsMs: 366 * DAY_MS,
  decisionsMax: 200_000,
  /** A year of 1-hour closes. */
  closesMs: 366 * DAY_MS,
  closesMax: 9_000,
  /** More than a year of 6-hour closes. */
  judgedMax: 2_000,
  eventsMs: 90 * DAY_MS,
} as const;

/** The jobs that keep the database small, with their periods. */
export function retentionJobs(store: Store, time: Time): readonly Job[] {
  return [
    {
      name: 'pack-decisions',
      intervalMs: HOUR_MS / 6,
      jitterRate: JITTER_RATE,
      timeoutMs: HOUR_MS / 6,
      run: async () => {
        await store.packDecisions(time.nowMs() - RETENTION.packAfterMs);
      },
    },
    {
      name: 'prune',
      intervalMs: HOUR_MS,
      jitterRate: JITTER_RATE,
      timeoutMs: HOUR_MS,
      run: () => prune(store, time.nowMs()),
    },
  ];
}

async function prune(store: Store, nowMs: number): Promise<void> {
  const { decisionsMs, decisionsMax, closesMs, closesMax, judgedMax, eventsMs } = RETENTION;
  await store.prune({ decisionsMs: nowMs - decisionsMs, eventsMs: nowMs - eventsMs, decisionsMax });
  await store.closes.prune({ beforeMs: nowMs - closesMs, rowsMax: closesMax, judgedMax });
}
