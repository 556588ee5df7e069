// A trading process to be killed: writes intents and, between them, larger rows; prints each intent's id after
// its promise has resolved. Arguments: the database file, a prefix for ids.
import { writeSync } from 'node:fs';
import { systemTime } from '../../src/platform/time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { decision, intent } from './store-rows.ts';

const [file = '', prefix = ''] = process.argv.slice(2);
const STANDARD_OUTPUT = 1;
const decisions = Array.from({ length: 600 }, () => decision({ recordJson: 'x'.repeat(800) }));

const store = openStore({ file, time: systemTime });
const epoch = await store.takeEpoch('demo', systemTime.nowMs());
writeSync(STANDARD_OUTPUT, `epoch ${String(epoch)}\n`);
void journalForEver();
for (let number = 0; ; number += 1) {
  const clientOrderId = `${prefix}${String(number)}`;
  await store.addIntent(intent({ clientOrderId }), epoch);
  writeSync(STANDARD_OUTPUT, `intent ${clientOrderId}\n`);
}

async function journalForEver(): Promise<void> {
  for (;;) {
    await store.addDecisions(decisions);
    await store.prune({ decisionsMs: systemTime.nowMs(), eventsMs: 0 });
  }
}
