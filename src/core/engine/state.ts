import type { Decimal } from '../base/decimal.ts';
import { decimal, decimalText, ZERO } from '../base/decimal.ts';
import type { Code } from '../domain/codes.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId } from '../domain/order.ts';
import type { AccountBalance, ExchangePosition } from '../domain/position.ts';
import type { LossStreak } from '../filter/entry-readings.ts';
import { heldQuantity } from '../position/holding.ts';
import type { DayStart } from '../risk/daily-loss.ts';
import type { Bot } from './bot.ts';
import { clientOrderId, type Lease } from './client-order-id.ts';
import type { Decision, Notify } from './decision.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { isLive, type OpenPosition, type TrackedOrder } from './open-position.ts';
import type { OwnSettings } from './own-settings.ts';
import type { TradingSettings } from './settings.ts';
import type { InstrumentPatches } from './settings-document.ts';

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
  entriesAllowed: { readonly allowed: boolean; readonly reason: string };
  /** Null until a lease was taken. */
  lease: Lease | null;
  /** Null until the account was read. */
  account: AccountReading | null;
  /** Null until the account was read. */
  dayStart: DayStart | null;
  foreign: readonly ExchangePosition[];
  /** Why the whole feed is lost; null while it lives. */
  feedLost: string | null;
  /** Whether any price so far told bid and ask; candles of the past do not. */
  quotesGiven: boolean;
  /** Whether any price so far told a funding rate. */
  fundingGiven: boolean;
  readonly bots: Map<InstrumentId, Bot>;
  readonly positions: Map<InstrumentId, OpenPosition>;
  readonly orders: Map<ClientOrderId, TrackedOrder>;
  /** End of the wait after a failed entry, ms. */
  readonly coolDowns: Map<InstrumentId, number>;
  /** Open time of the candle whose signal has had its attempt. */
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
    entriesAllowed: { allowed: false, reason: 'The service has not said yet that it is ready.' },
    lease: null,
    account: null,
    dayStart: null,
    foreign: [],
    feedLost: null,
    quotesGiven: false,
    fundingGiven: false,
    bots: new Map(),
    positions: new Map(),
    orders: new Map(),
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

/** The order on this instrument that may still change a position; null when none can. */
export function liveOrder(state: EngineState, instrumentId: InstrumentId): TrackedOrder | null {
  for (const order of state.orders.values()) {
    if (order.instrumentId === instrumentId && isLive(order)) return order;
  }
  return null;
}

/** Instruments held by a position or an entry in flight: what counts against the largest number of positions. */
export function slotsUsed(state: EngineState): number {
  let used = state.positions.size;
  for (const order of state.orders.values()) {
    if (order.purpose === 'entry' && isLive(order) && !state.positions.has(order.instrumentId)) used += 1;
  }
  return used;
}

/** Notionals of all positions, entries in flight and foreign positions, at current prices, quote currency. */
export function exposure(state: EngineState): Decimal {
  let sum = ZERO;
  for (const position of state.positions.values()) {
    sum = sum.plus(positionQuantity(state, position).times(priceOf(state, position)));
  }
  for (const foreign of state.foreign) sum = sum.plus(foreign.quantity.times(foreign.markPrice));
  return sum;
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

/** What is held, or what the entry in flight may still come to hold, whichever is more. */
function positionQuantity(state: EngineState, position: OpenPosition): Decimal {
  const held = heldQuantity(position.holding);
  const entry = state.orders.get(position.entryOrderId);
  const pending = entry !== undefined && isLive(entry) ? entry.quantity.minus(entry.filledQuantity) : ZERO;
  return held.plus(pending);
}

function priceOf(state: EngineState, position: OpenPosition): Decimal {
  const price = state.markets.get(position.instrumentId)?.price ?? null;
  return price === null ? position.entry.referencePrice : decimal(price);
}
