import { expect, it } from 'vitest';
import { orderId } from '../../test/fixture/approved-order.ts';
import { instrument } from '../../test/fixture/fake-exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { EvidenceRow } from '../store/intent-row.ts';
import type { Store } from '../store/store.ts';
import type { AccountLease } from './account-lease.ts';
import { IntentJournal } from './intent-journal.ts';

it('keeps why nothing more is expected of an order, and leaves its state as it is', () => {
  const kept: EvidenceRow[] = [];
  const store: Pick<Store, 'intents'> = {
    intents: { addEvidence: async (row: EvidenceRow) => void kept.push(row) } as Store['intents'],
  };
  const journal = new IntentJournal({
    store: store as Store,
    time: new VirtualTime(7_000),
    lease: {} as AccountLease,
    onError: () => undefined,
  });
  const clientOrderId = orderId('ib1');
  const why = { code: 'engine.position.gone', detail: 'The exchange shows no position.' };
  journal.noteGivenUp({ kind: 'give-up-order', instrumentId: instrument().id, clientOrderId, ...why });
  expect(kept).toEqual([
    { clientOrderId, timeMs: 7_000, kind: 'given-up', evidenceJson: JSON.stringify(why) },
  ]);
});
