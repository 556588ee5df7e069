import type { TradeView } from '../api/position.ts';
import type { Job } from '../platform/scheduled-job.ts';
import type { Store } from '../store/store.ts';
import { tradeView } from './api-views.ts';

const INTERVAL_MS = 15_000;
const TIMEOUT_MS = 10_000;
/** Newest closed positions looked at: what is older has its funding, or never will. */
const TRADES_LOOKED_AT = 50;

/** Tells of each newly closed position once more when what funding it paid is known. */
export function fundedTradesJob(store: Pick<Store, 'listTrades'>, publish: (trade: TradeView) => void): Job {
  let waiting: ReadonlySet<string> = new Set();
  return {
    name: 'funded-trades',
    intervalMs: INTERVAL_MS,
    jitterRate: 0.05,
    timeoutMs: TIMEOUT_MS,
    run: async () => {
      const { rows } = await store.listTrades({ limit: TRADES_LOOKED_AT, cursor: null });
      for (const row of rows) if (row.pnl !== null && waiting.has(row.tradeId)) publish(tradeView(row));
      waiting = new Set(rows.filter(({ pnl }) => pnl === null).map(({ tradeId }) => tradeId));
    },
  };
}
