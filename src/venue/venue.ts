import type { CancelTimer, Time } from '../platform/time.ts';
import { BybitDialect } from './dialect/bybit/bybit-dialect.ts';
import { BYBIT_LIMITS, type VenueLimits } from './dialect/bybit/rate-gate.ts';
import type { MarketSource } from './market/market-source.ts';
import type { ChannelLink, ChannelSession, VenueRequest, VenueResponse } from './request.ts';
import { TradingFloor, type VenueAccount } from './trading-floor.ts';
import { type LedgerReport, ledgerReport, type StateReport, stateReport } from './venue-report.ts';

export interface VenueOptions {
  readonly market: MarketSource;
  readonly time: Time;
  readonly accounts: readonly VenueAccount[];
  /** Overrides of Bybit's published limits, which hold otherwise. */
  readonly limits?: Partial<VenueLimits>;
  /** Names of orders and fills come from it: the same seed, the same names. */
  readonly seed: number;
}

/** An exchange of our own. Without sockets: `server.ts` and `in-process.ts` connect it. */
export interface Venue {
  /** Moves with the clock from now on, once a market step. */
  start(): void;
  stop(): void;
  /** Moves to now at once. */
  advance(): void;
  answer(request: VenueRequest): VenueResponse;
  /** Null when there is no channel at this path. */
  openChannel(path: string, link: ChannelLink): ChannelSession | null;
  /** Money as the venue booked it. */
  ledger(): LedgerReport;
  /** Orders, fills and positions as the venue saw them. */
  state(): StateReport;
}

/** Opens an exchange on `market` with Bybit's interface. It stands still until `start` or `advance`. */
export function createVenue(options: VenueOptions): Venue {
  const { market, time, accounts, seed } = options;
  const floor = new TradingFloor({ market, time, accounts, seed });
  const limits = { ...BYBIT_LIMITS, ...options.limits };
  const dialect = new BybitDialect({ floor, accounts, limits });
  let cancel: CancelTimer | null = null;
  const step = (): void => {
    floor.advance();
    cancel = time.after(market.stepMs, step);
  };
  return {
    start: () => {
      cancel ??= time.after(market.stepMs, step);
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
    advance: () => floor.advance(),
    answer: (request) => dialect.answer(request),
    openChannel: (path, link) => dialect.openChannel(path, link),
    ledger: () => ledgerReport(floor),
    state: () => stateReport(floor),
  };
}
