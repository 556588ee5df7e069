import type { Decimal } from '../base/decimal.ts';
import { decimalText } from '../base/decimal.ts';
import type { Code } from '../domain/codes.ts';
import type { Comparison } from '../domain/difference.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';
import type { AccountBalance, ExchangePosition } from '../domain/position.ts';
import type { LossStreak } from '../filter/entry-readings.ts';
import type { DayStart } from '../risk/daily-loss.ts';
import type { Bot } from './bot.ts';
import { clientOrderId, type Lease } from './client-order-id.ts';
import type { Decision, Notify } from './decision.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Ladder } from './ladder.ts';
import { isLive, type OpenPosition, type TrackedOrder } from './open-position.ts';
import type { OutsideFills, StopMoved, StrangeOrder, TakenAway } from './outside-memory.ts';
import type { OwnSettings } from './own-settings.ts';
import type { TradingSettings } from './settings.ts';
import type { InstrumentPatches } from './settings-document.ts';
import type { SurpriseFreeze, Surprises } from './surprise-memory.ts';

/** Orders kept after their end, so that a late fill still finds its purpose. */
const ORDERS_KEPT_MAX = 256;
/** Fill ids kept to drop duplicates; older ones are caught by their order being full or their position gone. */
export const FILL_IDS_KEPT_MAX = 512;

/** Auto Bot's switch. */
interface AutoBotSwitch {
  readonly enabled: boolean;
  /** Who turned it to where it stands, when and why; null since start. */
  readonly changed: { readonly actor: string; readonly timeMs: number; readonly reason: string } | null;
}

/** The account at its last reading. */
interface AccountReading {
  readonly balance: AccountBalance;
  readonly asOfMs: number;
  /** Moved in since the day began, less what was moved out; null: not known. */
  readonly transferred: Decimal | null;
}

/** A position at the exchange that is not ours. */
export interface ForeignPosition extends ExchangePosition {
  /** `asOfMs` of the reading that was the first to lack it; null while it is stated. */
  readonly missingMs: number | null;
}

/** A foreign position a person has looked at: silent while direction and quantity stay what they were then. */
export interface IgnoredPosition {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly actor: string;
  readonly timeMs: number;
  readonly reason: string;
}

/** A stop the exchange refused by a definite word. */
interface StopRefusal {
  readonly instrumentId: InstrumentId;
  readonly code: string;
  /** In the exchange's words. */
  readonly text: string;
  /** Time of the newest refusal, ms. */
  readonly timeMs: number;
}

/** The wiring's word on whether entries may leave. */
interface EntriesPermission {
  readonly allowed: boolean;
  readonly reason: string;
  /** Since when it is as it is, ms. */
  readonly sinceMs: number;
  /** Another process has taken the account: what rests there is no more ours to take back. */
  readonly leaseLost: boolean;
}

/** Everything the engine knows. One owner; nobody outside the room holds a reference. */
export interface EngineState {
  /** Time of the newest event. */
  timeMs: number;
  /** Those of all instruments; `settingsOf` gives those of one. */
  settings: TradingSettings;
  settingsVersion: number;
  /** What instruments do otherwise, as it was set. */
  instrumentPatches: InstrumentPatches;
  /** Whole settings of the instruments that follow not only the common ones. */
  own: OwnSettings;
  autoBot: AutoBotSwitch;
  entriesAllowed: EntriesPermission;
  /** Null until a lease was taken. */
  lease: Lease | null;
  /** Null until the account was read. */
  account: AccountReading | null;
  /** Null until the account was read. */
  dayStart: DayStart | null;
  foreign: readonly ForeignPosition[];
  /** Those of them a person wants to hear nothing of until they change. */
  readonly ignored: Map<InstrumentId, IgnoredPosition>;
  /** Orders at the exchange that are not ours, or ours and held for over, at the newest list of them. */
  strangeOrders: readonly StrangeOrder[];
  /** What others did since the account was last compared, until a reading shows what it came to. */
  readonly outsideFills: Map<InstrumentId, OutsideFills>;
  readonly takenAway: Map<ClientOrderId, TakenAway>;
  readonly stopsMoved: Map<InstrumentId, StopMoved>;
  /** What the newest reading of the account differed in; told, and nothing is decided on it. Null before the first. */
  compared: Comparison | null;
  /** Null unless the exchange has refused a stop and taken none since. */
  stopRefusal: StopRefusal | null;
  /** Why the whole feed is lost; null while it lives. */
  feedLost: string | null;
  /** Whether any price so far told bid and ask; candles of the past do not. */
  quotesGiven: boolean;
  /** Whether any price so far told a funding rate. */
  fundingGiven: boolean;
  readonly bots: Map<InstrumentId, Bot>;
  readonly positions: Map<InstrumentId, OpenPosition>;
  /** Entries that are split over several orders, until none of them can fill any more. */
  readonly ladders: Map<InstrumentId, Ladder>;
  readonly orders: Map<ClientOrderId, TrackedOrder>;
  surprises: Surprises;
  /** Instruments on which nothing is entered after one. */
  readonly freezes: Map<InstrumentId, SurpriseFreeze>;
  /** End of the wait after a failed entry, ms. */
  readonly coolDowns: Map<InstrumentId, number>;
  /** Open time of the newest candle whose signal has had its attempt: none up to it is entered on. */
  readonly attempts: Map<InstrumentId, number>;
  /** Exchange time of the newest fill of ours. */
  readonly lastFills: Map<InstrumentId, number>;
  /** Of instruments whose last closed position lost. */
  readonly lossStreaks: Map<InstrumentId, LossStreak>;
  readonly fillIds: Set<string>;
  readonly markets: Map<InstrumentId, InstrumentMarket>;
  /** Changes whenever what must survive a restart has changed. */
  tradingVersion: number;
  /** Changes whenever a row of the scan may have changed. */
  scanVersion: number;
}

/** The state before the first event: Auto Bot off, entries not allowed, nothing known. */
export function emptyState(settings: TradingSettings, settingsVersion: number): EngineState {
  return {
    timeMs: 0,
    settings,
    settingsVersion,
    instrumentPatches: new Map(),
    own: new Map(),
    autoBot: { enabled: false, changed: null },
    entriesAllowed: {
      allowed: false,
      reason: 'The service has not said yet that it is ready.',
      sinceMs: 0,
      leaseLost: false,
    },
    lease: null,
    account: null,
    dayStart: null,
    foreign: [],
    ignored: new Map(),
    strangeOrders: [],
    outsideFills: new Map(),
    takenAway: new Map(),
    stopsMoved: new Map(),
    compared: null,
    stopRefusal: null,
    feedLost: null,
    quotesGiven: false,
    fundingGiven: false,
    bots: new Map(),
    positions: new Map(),
    ladders: new Map(),
    orders: new Map(),
    surprises: { count: 0, lastMs: null },
    freezes: new Map(),
    coolDowns: new Map(),
    attempts: new Map(),
    lastFills: new Map(),
    lossStreaks: new Map(),
    fillIds: new Set(),
    markets: new Map(),
    tradingVersion: 0,
    scanVersion: 0,
  };
}

/** Marks that what must survive a restart has changed; rows of the scan show part of it. */
export function touchTrading(state: EngineState): void {
  state.tradingVersion += 1;
  state.scanVersion += 1;
}

/** The name of the next order; null without a lease. */
export function nextOrderId(state: EngineState): ClientOrderId | null {
  const { lease } = state;
  if (lease === null) return null;
  state.lease = { ...lease, intentNumber: lease.intentNumber + 1 };
  return clientOrderId(lease);
}

/** Remembers an order and forgets the oldest ended ones beyond the bound. */
export function trackOrder(state: EngineState, order: TrackedOrder): void {
  state.orders.set(order.clientOrderId, order);
  for (const [id, kept] of state.orders) {
    if (state.orders.size <= ORDERS_KEPT_MAX) return;
    if (!isLive(kept)) state.orders.delete(id);
  }
}

/** The markets of some instruments, or with null all of them, in the order they became known. */
export function marketsOf(
  { markets }: EngineState,
  among: readonly InstrumentId[] | null,
): Iterable<InstrumentMarket> {
  return among === null ? markets.values() : among.flatMap((id) => markets.get(id) ?? []);
}

/** The entry on this instrument that may still fill; null when none can. */
export function liveEntry(state: EngineState, instrumentId: InstrumentId): TrackedOrder | null {
  for (const order of state.orders.values()) {
    if (order.instrumentId === instrumentId && order.purpose === 'entry' && isLive(order)) return order;
  }
  return null;
}

/** The order on this instrument that may still change a position; null when none can. */
export function liveOrder(state: EngineState, instrumentId: InstrumentId): TrackedOrder | null {
  for (const order of state.orders.values()) {
    if (order.instrumentId === instrumentId && isLive(order)) return order;
  }
  return null;
}

/** Instruments held by a position or entries in flight: what counts against the largest number of positions. */
export function slotsUsed(state: EngineState): number {
  let entering: Set<InstrumentId> | null = null;
  for (const order of state.orders.values()) {
    const { purpose, instrumentId } = order;
    if (purpose !== 'entry' || state.positions.has(instrumentId) || !isLive(order)) continue;
    entering ??= new Set();
    entering.add(instrumentId);
  }
  return state.positions.size + (entering?.size ?? 0);
}

/** A notice for people, with a code of the catalogue. */
export function notify(
  severity: Notify['severity'],
  code: Code,
  told: {
    readonly instrumentId: InstrumentId | null;
    readonly message: string;
    readonly detail?: Notify['detail'];
  },
): Decision {
  const { instrumentId, message, detail = {} } = told;
  return { kind: 'notify', severity, code, instrumentId, message, detail };
}

/** Asks the shell to read fills, positions and balance; once per step whatever the number of reasons. */
export function requestSnapshot(reason: string, out: Decision[]): void {
  if (!out.some((decision) => decision.kind === 'request-snapshot'))
    out.push({ kind: 'request-snapshot', reason });
}

/** Decimal text for records; null stays null. */
export function textOrNull(value: Decimal | null): string | null {
  return value === null ? null : decimalText(value);
}
