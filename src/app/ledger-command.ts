import { join } from 'node:path';
import { isThere } from '../platform/files.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { AppConfig } from './config.ts';
import { checkLedger, type LedgerReport } from './ledger-check.ts';

/** Computes the books of a home anew; services may run. Null where there are none yet. */
export async function checkHomeLedger({ home }: AppConfig): Promise<LedgerReport | null> {
  const file = join(home, 'trading.db');
  if (!(await isThere(file))) return null;
  const store = openStore({ file, time: systemTime, readOnly: true });
  try {
    const accountId = await store.newestAccount();
    return accountId === null ? null : await checkLedger(store, accountId);
  } finally {
    await store.close();
  }
}
