import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { LedgerKeeper } from '../trading/ledger-keeper.ts';
import type { TradingService } from './trading-service.ts';

const INTERVAL_MS = 10_000;
/** The first reading goes back for days, and a long outage for longer. */
const TIMEOUT_MS = 10 * 60_000;

export interface LedgerJobOptions {
  readonly trading: TradingService;
  readonly exchange: Exchange;
  readonly store: Store;
  readonly time: Time;
  readonly accountId: string;
  readonly report: (message: string) => void;
}

/** Has the account's books kept for as long as trading runs. */
export function keepLedger(options: LedgerJobOptions): LedgerKeeper {
  const { trading, exchange, store, time, accountId, report } = options;
  const keeper = new LedgerKeeper({
    ...{ exchange, time, accountId, report },
    book: store.ledger,
    newest: () => trading.sync.newest(),
    tell: ({ severity, code, message, detail }) => {
      const detailJson = JSON.stringify(detail);
      trading.recorder.addEvent({
        timeMs: time.nowMs(),
        severity,
        code,
        instrumentId: null,
        message,
        detailJson,
      });
      if (severity !== 'info') report(message);
    },
  });
  trading.scheduler.add({
    name: 'ledger',
    intervalMs: INTERVAL_MS,
    jitterRate: 0.05,
    timeoutMs: TIMEOUT_MS,
    run: async () => {
      await keeper.keep();
      const compared = keeper.comparison();
      if (compared !== null) trading.reconciler.noteBalance(compared, keeper.isApart());
    },
  });
  return keeper;
}
