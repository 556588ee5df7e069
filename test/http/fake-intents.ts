import type { IntentFileView, IntentView } from '../../src/api/intent.ts';
import type { Rows } from '../../src/http/caller.ts';
import type { IntentRequest, IntentsApi } from '../../src/http/intents-api.ts';

const INTENT: IntentView = {
  id: 'ib1',
  symbol: 'BTCUSDT',
  side: 'buy',
  direction: 'long',
  purpose: 'entry',
  quantity: '0.1',
  reduceOnly: false,
  stopPrice: '85',
  takeProfitPrice: null,
  leverage: 2,
  ladderId: null,
  state: 'unknown',
  detail: 'reset',
  createdMs: 1_760_000_000_000,
  updatedMs: 1_760_000_000_020,
  validUntilMs: 1_760_000_005_000,
  surpriseMs: null,
};

/** One order whose outcome is being found out; records what it was asked. */
export class FakeIntents implements IntentsApi {
  readonly asked: IntentRequest[] = [];

  async list(page: IntentRequest): Promise<Rows<IntentView> | null> {
    this.asked.push(page);
    return page.cursor === 'foreign' ? null : { rows: [INTENT], nextCursor: null };
  }

  async find(id: string): Promise<IntentFileView | null> {
    if (id !== INTENT.id) return null;
    const said = { verdict: 'absent', orders: 'none', fills: 'none', position: 'none', ours: 'none' };
    return { intent: INTENT, evidence: [{ timeMs: INTENT.updatedMs, kind: 'lookup', said }] };
  }
}
