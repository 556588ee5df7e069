import type { Job } from '../platform/scheduled-job.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { retentionJobs } from './retention.ts';

const SECOND_MS = 1_000;
/** Setting room aside writes 16 MiB: on a slow disk that takes its time. */
const TEND_TIMEOUT_MS = 60 * SECOND_MS;

/** The jobs that keep the database writable and small. */
export function storageJobs(store: Store, time: Time): readonly Job[] {
  const tend: Job = {
    name: 'store-watch',
    intervalMs: SECOND_MS,
    jitterRate: 0.05,
    timeoutMs: TEND_TIMEOUT_MS,
    run: () => store.tend(),
  };
  return [tend, ...retentionJobs(store, time)];
}
