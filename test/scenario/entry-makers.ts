import { decimal } from '../../src/core/base/decimal.ts';
import { parseClientOrderId } from '../../src/core/domain/order.ts';
import type { Signal } from '../../src/core/domain/verdict.ts';
import type { CandleFacts, EntryContext } from '../../src/core/filter/entry-context.ts';
import { passEntry } from '../../src/core/filter/entry-filters.ts';
import { type FilterSettings, filterSettingsSchema } from '../../src/core/filter/settings.ts';
import type { EntryTerms } from '../../src/core/risk/approve.ts';
import type { AccountTerms } from '../../src/core/risk/limits.ts';
import { riskSettingsSchema } from '../../src/core/risk/settings.ts';
import type { SignalReadings } from '../../src/core/signal/readings.ts';
import { type SignalSettings, signalSettingsSchema } from '../../src/core/signal/settings.ts';
import { readings } from './market-makers.ts';
import { BTC, CANDLE_MS, instrument, START_MS } from './story.ts';

/** Open time of the newest candle of a made context; its close is when the context looks at it. */
export const NEWEST_OPEN_MS = START_MS + 239 * CANDLE_MS;

export function signal(changes: Partial<Signal> = {}): Signal {
  return {
    kind: 'enter-long',
    instrumentId: BTC,
    timeframe: '6h',
    candleOpenTimeMs: NEWEST_OPEN_MS,
    close: 100,
    rsi: 20,
    trend: 'down',
    depth: 9,
    ...changes,
  };
}

export function filterSettings(changes: Partial<FilterSettings> = {}): FilterSettings {
  return filterSettingsSchema.parse(changes);
}

export function signalSettings(changes: Partial<SignalSettings> = {}): SignalSettings {
  return signalSettingsSchema.parse(changes);
}

/** Readings of a market as volatile as usual, in which nothing speaks for a turn. */
export function signalReadings(changes: Partial<SignalReadings> = {}): SignalReadings {
  return {
    volatility: { atr: 2, atrPct: 2, rate: 1 },
    levels: { longMax: 29, shortMin: 71 },
    divergence: { found: false, earlier: null, later: null },
    volumeRate: 1,
    stochRsi: { k: 50, d: 50 },
    extremeCandles: 1,
    confirmations: [],
    ...changes,
  };
}

export function facts(changes: Partial<CandleFacts> = {}): CandleFacts {
  return {
    held: 240,
    shown: 240,
    newestOpenTimeMs: NEWEST_OPEN_MS,
    gap: false,
    feedLost: null,
    rsiMin: 18,
    rsiMax: 82,
    ...changes,
  };
}

/** A context that every filter passes; tests change the one thing they are about. */
export function context(changes: Partial<EntryContext> = {}): EntryContext {
  return {
    timeMs: NEWEST_OPEN_MS + CANDLE_MS,
    instrument: instrument(BTC),
    timeframe: '6h',
    signal: signal(),
    signalSettings: signalSettings(),
    signalReadings: signalReadings(),
    settings: filterSettings(),
    entriesAllowed: { allowed: true, reason: 'ready' },
    candles: facts(),
    coolDownUntilMs: null,
    ...readings(),
    ...changes,
  };
}

/** Proof of a passed entry, from the only place that mints it. */
export function passed(changes: Partial<Signal> = {}) {
  const result = passEntry(context({ signal: signal(changes) }));
  if (!result.ok) throw new Error('A made context passes every filter.');
  return result.value;
}

/** An account of 1,000 USDT, all of it available, on a day that began with as much. */
export function account(changes: Partial<AccountTerms> = {}): AccountTerms {
  const equity = decimal(1_000);
  const dayStart = { day: 0, equity, asOfMs: 0 };
  return { equity, available: equity, dayStart, transferred: decimal(0), asOfMs: 1_000_000, ...changes };
}

/** Terms that approve an entry of 10 USDT at 100. */
export function terms(changes: Partial<EntryTerms> = {}): EntryTerms {
  const clientOrderId = parseClientOrderId('made1');
  if (clientOrderId === null) throw new Error('A made order id is one.');
  return {
    clientOrderId,
    timeMs: 1_000_000,
    account: account(),
    positionsOpen: 0,
    exposure: decimal(0),
    referencePrice: decimal(100),
    stopLossPct: 15,
    takeProfitPct: 50,
    partialTakeProfits: [],
    instrument: instrument(BTC),
    settings: riskSettingsSchema.parse({}),
    ...changes,
  };
}
