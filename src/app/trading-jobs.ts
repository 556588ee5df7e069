import type { Job } from '../platform/scheduled-job.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** What the scheduled work of trading acts on. */
export interface TradingJobParts {
  readonly refreshUniverse: () => Promise<void>;
  readonly repairCandles: () => void;
  readonly syncAccount: () => Promise<void>;
  readonly entryPass: () => void;
  readonly protect: () => void;
  readonly announceMode: () => void;
  readonly followPrices: () => void;
}

/** The named jobs of the bots service, with their periods. */
export function tradingJobs(parts: TradingJobParts): readonly Job[] {
  return [
    job('announce-mode', SECOND_MS, parts.announceMode),
    job('candle-repair', SECOND_MS, parts.repairCandles),
    job('entry-pass', 2 * SECOND_MS, parts.entryPass),
    job('follow-prices', SECOND_MS, parts.followPrices),
    job('protect', 2 * SECOND_MS, parts.protect),
    job('position-sync', 10 * SECOND_MS, parts.syncAccount),
    job('universe', 10 * MINUTE_MS, parts.refreshUniverse),
  ];
}

/** Late by up to a twentieth: jobs of one period drift apart instead of running in one turn. */
const JITTER_RATE = 0.05;

function job(name: string, intervalMs: number, work: () => void | Promise<void>): Job {
  const timeoutMs = Math.max(30 * SECOND_MS, intervalMs);
  return { name, intervalMs, jitterRate: JITTER_RATE, timeoutMs, run: async () => work() };
}
