import type { DifferenceView, FillView, RestingOrderView } from '../../src/api/reconciliation.ts';
import type {
  DifferenceRequest,
  FillRequest,
  ReconciliationApi,
  RestingOrderRequest,
} from '../../src/http/reconciliation-api.ts';

const NOW_MS = 1_760_000_000_000;

const OPEN: DifferenceView = {
  id: 'd2',
  kind: 'position-foreign',
  symbol: 'BTCUSDT',
  ours: 'none',
  theirs: 'long 1',
  firstMs: NOW_MS,
  lastMs: NOW_MS,
  endedMs: null,
  resolution: null,
  evidence: '',
  fillIds: [],
  explanation: 'The exchange holds a long 1 of BTCUSDT that no order of ours made.',
  action: 'It is not touched.',
  offers: ['adopt', 'ignore'],
  ignored: null,
};

const ENDED: DifferenceView = {
  ...OPEN,
  id: 'd1',
  endedMs: NOW_MS,
  resolution: 'fills',
  evidence: 'By 1 executions: f1.',
  fillIds: ['f1'],
  offers: [],
};

const ORDER: RestingOrderView = {
  id: 'x1',
  intentId: null,
  symbol: 'BTCUSDT',
  ours: false,
  side: 'buy',
  kind: 'limit',
  status: 'open',
  quantity: '1',
  filledQuantity: '0',
  price: '90',
  stopPrice: null,
  reduceOnly: false,
  updatedMs: NOW_MS,
};

const FILL: FillView = {
  id: 'f1',
  intentId: 'ib1',
  orderId: 'x1',
  symbol: 'BTCUSDT',
  side: 'buy',
  price: '100',
  quantity: '1',
  fee: '0.05',
  maker: false,
  cause: 'user',
  timeMs: NOW_MS,
};

/** One open difference, one ended, one order, one fill; records what it was asked. */
export class FakeReconciliation implements ReconciliationApi {
  readonly asked: (DifferenceRequest | RestingOrderRequest | FillRequest)[] = [];

  async standing() {
    return {
      timeMs: NOW_MS,
      mode: 'ready',
      modeReason: 'All is fresh.',
      accountAgeMs: 900,
      comparedMs: NOW_MS,
      streak: 0,
      failures: 0,
      open: [OPEN],
    };
  }

  ended(page: DifferenceRequest) {
    return this.answer(page, ENDED);
  }

  async orders(page: RestingOrderRequest) {
    const found = await this.answer(page, ORDER);
    return found === null ? null : { ...found, asOfMs: NOW_MS };
  }

  fills(page: FillRequest) {
    return this.answer(page, FILL);
  }

  private async answer<T>(page: DifferenceRequest | RestingOrderRequest | FillRequest, row: T) {
    this.asked.push(page);
    return page.cursor === 'foreign' ? null : { rows: [row], nextCursor: null };
  }
}
