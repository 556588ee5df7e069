import { join } from 'node:path';
import { InputJournal } from '../journal/input-journal.ts';
import { JournalFolder } from '../journal/journal-folder.ts';
import type { Job } from '../platform/scheduled-job.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { AppConfig } from './config.ts';
import { productFacts } from './product-facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of a shutdown: a disk that takes longer has lost the end of the journal, and nothing else. */
const END_WAIT_MS = 1_000;

/** The folder of the journal in a home. */
export function journalFolder(home: string): JournalFolder {
  return new JournalFolder(join(home, 'journal'));
}

/** The journal of everything the engine learns, not begun yet. */
export function journalOfInputs(
  { home }: AppConfig,
  time: Time,
  report: (message: string) => void,
): InputJournal {
  const { version: program } = productFacts;
  return new InputJournal({ folder: journalFolder(home), time, report, program, runtime: process.version });
}

/** Keeps it as long, and as large, as the configuration says. */
export function pruneJournal(journal: InputJournal, { journalDays, journalMb }: AppConfig, time: Time): Job {
  return {
    name: 'prune-journal',
    intervalMs: HOUR_MS / 6,
    jitterRate: 0.1,
    timeoutMs: HOUR_MS / 6,
    run: () =>
      journal.prune({ beforeMs: time.nowMs() - journalDays * DAY_MS, bytesMax: journalMb * 2 ** 20 }),
  };
}

/** Writes what waits, as far as the disk lets it. */
export async function endJournal(journal: InputJournal, time: Time): Promise<void> {
  await Promise.race([journal.stop(), sleep(time, END_WAIT_MS)]);
}
