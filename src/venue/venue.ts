import type { CancelTimer, Time } from '../platform/time.ts';
import type { BookStore } from './books/book-store.ts';
import { BybitDialect } from './dialect/bybit/bybit-dialect.ts';
import { BYBIT_LIMITS, type VenueLimits } from './dialect/bybit/rate-gate.ts';
import { DisturbedMarket } from './fault/disturbed-market.ts';
import { FaultBoard, type StrikeRecord } from './fault/fault-board.ts';
import { FAULT_KINDS } from './fault/fault-kinds.ts';
import { OpenChannels } from './fault/open-channels.ts';
import { PriceBends } from './fault/price-bend.ts';
import { VenueClient } from './fault/venue-client.ts';
import { VenueClock } from './fault/venue-clock.ts';
import type { MarketSource } from './market/market-source.ts';
import type { ChannelLink, ChannelSession, Delivery, VenueRequest } from './request.ts';
import { TradingFloor } from './trading-floor.ts';
import type { VenueAccount } from './venue-account.ts';
import { type LedgerReport, ledgerReport, type StateReport, stateReport } from './venue-report.ts';
import { VenueWire } from './venue-wire.ts';
import { WireLog, type WireRecord } from './wire-log.ts';

/** What an exchange of our own is opened with; what is left out does not happen. */
export interface VenueOptions {
  readonly market: MarketSource;
  readonly time: Time;
  readonly accounts: readonly VenueAccount[];
  /** Overrides of Bybit's published limits, which hold otherwise. */
  readonly limits?: Partial<VenueLimits>;
  /** Names of orders and fills come from it: the same seed, the same names. */
  readonly seed: number;
  /** Of the dice that faults roll; `seed` when absent. */
  readonly faultSeed?: number;
  /** How often the venue looks at its market; once a step of the market when absent. Longer is coarser and faster. */
  readonly stepMs?: number;
  /** Where its books are kept, so that a venue that is started again goes on from them; absent: nowhere. */
  readonly books?: BookStore;
  /** Told of everything a fault does. */
  readonly onStrike?: (record: StrikeRecord) => void;
}

/** An exchange of our own. Without sockets: `server.ts` and `in-process.ts` connect it. */
export interface Venue {
  /** The exchange behind the wire, for those who judge it. */
  readonly floor: TradingFloor;
  /** Moves with the clock from now on, once a market step. */
  start(): void;
  stop(): void;
  /** Moves to now at once. */
  advance(): void;
  /** Takes a request in; `deliver` is called once, at once unless a fault holds the answer. */
  receive(request: VenueRequest, deliver: (delivery: Delivery) => void): void;
  /** A text says why this client may not open a channel now. */
  refusesChannel(path: string, address: string): string | null;
  /** Null when there is no channel at this path. */
  openChannel(path: string, link: ChannelLink): ChannelSession | null;
  /** Money as the venue booked it. */
  ledger(): LedgerReport;
  /** Orders, fills and positions as the venue saw them. */
  state(): StateReport;
  /**
   * Requests, answers and messages as they crossed the venue's wire, oldest first: the next `limit` after a
   * sequence number, or the newest when there is none.
   */
  wire(after: number | null, limit: number): readonly WireRecord[];
  /** Ways to misbehave. */
  readonly faults: FaultBoard;
}

/** Opens an exchange on `market` with Bybit's interface. It stands still until `start` or `advance`. */
export function createVenue(options: VenueOptions): Venue {
  const { accounts, seed, time } = options;
  const clock = new VenueClock(time);
  const bends = new PriceBends();
  const channels = new OpenChannels();
  const log = new WireLog();
  const tell = options.onStrike ?? (() => undefined);
  const faults = new FaultBoard({ kinds: FAULT_KINDS, seed: options.faultSeed ?? seed, time, tell });
  const market = new DisturbedMarket({ market: options.market, board: faults, bends });
  const rejectsLate = (): boolean => [...faults.hooks('rejectsLate')].some((rejects) => rejects());
  const floor = new TradingFloor({
    market,
    time: clock,
    accounts,
    seed,
    rejectsLate,
    ...(options.books === undefined ? {} : { books: options.books }),
  });
  const dialect = new BybitDialect({ floor, accounts, limits: { ...BYBIT_LIMITS, ...options.limits } });
  const wire = new VenueWire({ end: dialect, board: faults, log, channels, time });
  const client = new VenueClient({ accounts, clock, answer: (request) => wire.answerPerson(request) });
  faults.attach({ floor, time, clock, channels, bends, client });
  const stepMs = options.stepMs ?? market.stepMs;
  let cancel: CancelTimer | null = null;
  let dueMs = 0;
  const step = (): void => {
    floor.advance();
    // By the clock, so that a long step does not slow the pace down; what was missed is not made up for.
    const nowMs = time.monotonicMs();
    dueMs = Math.max(dueMs + stepMs, nowMs);
    cancel = time.after(dueMs - nowMs, step);
  };
  return {
    floor,
    start: () => {
      if (cancel !== null) return;
      dueMs = time.monotonicMs() + stepMs;
      cancel = time.after(stepMs, step);
    },
    stop: () => {
      cancel?.();
      cancel = null;
    },
    advance: () => floor.advance(),
    receive: (request, deliver) => wire.receive(request, deliver),
    refusesChannel: (path, address) => wire.refusesChannel(path, address),
    openChannel: (path, link) => wire.openChannel(path, link),
    ledger: () => ledgerReport(floor),
    state: () => stateReport(floor),
    wire: (after, limit) => log.read(after, limit),
    faults,
  };
}
