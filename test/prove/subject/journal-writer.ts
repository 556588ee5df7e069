import { writeSync } from 'node:fs';
import { systemTime } from '../../../src/platform/time.ts';
import { openStore } from '../../../src/store/sqlite/open-store.ts';
import type { AccountLease } from '../../../src/trading/account-lease.ts';
import { IntentJournal } from '../../../src/trading/intent-journal.ts';
import { approvedEntry, approvedExit } from '../../fixture/approved-order.ts';
import { instrument } from '../../fixture/fake-exchange.ts';
import { testLease } from '../../fixture/test-lease.ts';

/**
 * The product's journal at work, for a tracer to watch: `journal-writer.ts DATABASE COUNT`. What the store has
 * acknowledged is told on standard output at once, so that the trace has it in its place. A count of 0 only makes the
 * database.
 */
const [file = '', count = '0'] = process.argv.slice(2);
/** A trading state of an account with some positions; long enough for checkpoints to come. */
const STATE_LETTERS = 30_000;

const store = openStore({ file, time: systemTime });
if (Number(count) > 0) await write(Number(count));
await store.close();

async function write(intents: number): Promise<void> {
  const lease = testLease({ store, time: systemTime, accountId: 'prove', onLost: fail });
  const epoch = await lease.take();
  acknowledge(`lease ${epoch}`);
  const journal = new IntentJournal({ store, time: systemTime, lease, onError: fail });
  for (let number = 1; number <= intents; number += 1) await trade({ journal, lease, number });
}

async function trade(parts: { journal: IntentJournal; lease: AccountLease; number: number }): Promise<void> {
  const { journal, lease, number } = parts;
  const entry = approvedEntry(instrument(), `ibentry${number}`);
  await prepare(journal, entry);
  const stateJson = JSON.stringify({ number, padding: 'x'.repeat(STATE_LETTERS) });
  await store.saveTradingState(lease.held(), stateJson, systemTime.nowMs());
  acknowledge(`state ${number}`);
  await store.settleIntent(entry.clientOrderId, 'accepted', '', systemTime.nowMs());
  await store.addFills([fillOf(number)]);
  acknowledge(`fill prove-${number}`);
  await prepare(journal, approvedExit(instrument(), `ibexit${number}`));
}

async function prepare(
  journal: IntentJournal,
  order: Parameters<IntentJournal['prepare']>[0],
): Promise<void> {
  const outcome = await journal.prepare(order);
  if (outcome === 'durable') acknowledge(`intent ${order.clientOrderId}`);
}

function fillOf(number: number) {
  return {
    fillId: `prove-${number}`,
    clientOrderId: `ibentry${number}`,
    exchangeOrderId: `${number}`,
    instrumentId: instrument().id,
    side: 'buy',
    price: '100',
    quantity: '0.1',
    fee: '0.01',
    maker: false,
    cause: 'order',
    timeMs: number,
  };
}

function acknowledge(what: string): void {
  writeSync(1, `${what}\n`);
}

function fail(detail: string): void {
  throw new Error(detail);
}
