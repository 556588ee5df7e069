import { decimal } from '../../src/core/base/decimal.ts';
import { parseClientOrderId } from '../../src/core/domain/order.ts';
import type { Signal } from '../../src/core/domain/verdict.ts';
import type { CandleFacts, EntryContext } from '../../src/core/filter/entry-context.ts';
import { passEntry } from '../../src/core/filter/entry-filters.ts';
import { type FilterSettings, filterSettingsSchema } from '../../src/core/filter/settings.ts';
import type { EntryTerms } from '../../src/core/risk/approve.ts';
import { riskSettingsSchema } from '../../src/core/risk/settings.ts';
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
    settings: filterSettings(),
    entriesAllowed: { allowed: true, reason: 'ready' },
    candles: facts(),
    coolDownUntilMs: null,
    ...changes,
  };
}

/** Proof of a passed entry, from the only place that mints it. */
export function passed(changes: Partial<Signal> = {}) {
  const result = passEntry(context({ signal: signal(changes) }));
  if (!result.ok) throw new Error('A made context passes every filter.');
  return result.value;
}

/** Terms that approve an entry of 10 USDT at 100. */
export function terms(changes: Partial<EntryTerms> = {}): EntryTerms {
  const clientOrderId = parseClientOrderId('made1');
  if (clientOrderId === null) throw new Error('A made order id is one.');
  return {
    clientOrderId,
    timeMs: 1_000_000,
    account: { equity: decimal(1_000), asOfMs: 1_000_000 },
    positionsOpen: 0,
    exposure: decimal(0),
    referencePrice: decimal(100),
    stopLossPct: 15,
    takeProfitPct: 50,
    instrument: instrument(BTC),
    settings: riskSettingsSchema.parse({}),
    ...changes,
  };
}
