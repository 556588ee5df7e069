import type { Status } from '../api/status.ts';
import { decimalText } from '../core/base/decimal.ts';
import type { TradingService } from './trading-service.ts';

/** What a person must know about where this service trades. */
export interface Place {
  readonly name: string;
  readonly exchange: string;
  readonly notice: string | null;
}

/** What the status is read from. */
export interface StatusParts {
  readonly trading: TradingService;
  readonly place: Place;
  readonly version: string;
  readonly startedMs: number;
  readonly counters: () => Readonly<Record<string, number>>;
  readonly rateUsage: () => Status['rate'];
}

/** The bots service as it stands at `nowMs`; the account is null before its first complete reading. */
export function statusView(parts: StatusParts, nowMs: number): Status {
  const { trading, place } = parts;
  const health = trading.market.health();
  const { mode, reason, sinceMs, reasons } = trading.mode();
  return {
    service: 'bots',
    version: parts.version,
    startedMs: parts.startedMs,
    timeMs: nowMs,
    place: place.name,
    exchange: place.exchange,
    timeframe: trading.engine.settings().timeframe,
    notice: place.notice,
    mode,
    modeReason: reason,
    modeSinceMs: sinceMs,
    modeReasons: [...reasons],
    halt: trading.halt.reading(),
    account: accountView(trading),
    market: {
      instruments: health.instruments,
      ready: health.progress.ready,
      failed: health.progress.failed,
      streamUp: health.streamUp,
      lastMessageAgeMs: health.lastMessageMs === null ? null : nowMs - health.lastMessageMs,
    },
    rate: parts.rateUsage(),
    orders: ordersView(trading),
    counters: { ...parts.counters(), candleRepairs: health.repairs },
  };
}

function ordersView(trading: TradingService): Status['orders'] {
  const { surprises, frozen } = trading.engine.unaccounted();
  return {
    unresolved: trading.unresolvedOrders(),
    surprises: surprises.count,
    lastSurpriseMs: surprises.lastMs,
    frozen: frozen.map(({ instrumentId, clientOrderId, ...rest }) => ({
      symbol: instrumentId,
      intentId: clientOrderId,
      ...rest,
      awaits: AWAITED_TEXTS[rest.why],
    })),
  };
}

const AWAITED_TEXTS: Readonly<Record<Status['orders']['frozen'][number]['why'], string>> = {
  'order-unknown':
    'The exchange is asked for the order until it is found, or until agreeing answers after its validity say that it does not exist.',
  surprise: 'A day without another surprise, or a person who lets entries go on.',
};

function accountView({ sync }: TradingService): Status['account'] {
  const newest = sync.newest();
  if (newest === null) return null;
  return {
    equity: decimalText(newest.balance.equity),
    walletBalance: decimalText(newest.balance.walletBalance),
    available: decimalText(newest.balance.available),
    asOfMs: newest.asOfMs,
  };
}
