import { assert, ensure } from '../base/assert.ts';
import { type Decimal, decimal } from '../base/decimal.ts';
import {
  type Instrument,
  type InstrumentId,
  parseExchangeSymbol,
  parseInstrumentId,
} from '../domain/instrument.ts';
import { type ClientOrderId, parseClientOrderId } from '../domain/order.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { parseExplained } from './explained.ts';
import { followSeriesOf } from './held-series.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { readLadder } from './ladder-snapshot.ts';
import type { EntryNote, OpenPosition, TrackedOrder } from './open-position.ts';
import { ownSettings, settingsOf } from './own-settings.ts';
import { readSteps } from './position-steps.ts';
import {
  type EngineSnapshot,
  type EntryNoteSnapshot,
  type InstrumentMarketSnapshot,
  type InstrumentSnapshot,
  type OrderSnapshot,
  type PositionSnapshot,
  SNAPSHOT_VERSION,
  type TradingSnapshot,
} from './snapshot.ts';
import { type EngineState, emptyState, type ForeignPosition } from './state.ts';

/**
 * The state a snapshot holds, with Auto Bot off and entries not allowed whatever they were: nothing starts
 * trading by itself, but where the snapshot says what ran. Stops on a snapshot that contradicts itself.
 */
export function readSnapshot({ version, trading, running, market }: EngineSnapshot): EngineState {
  assert(version === SNAPSHOT_VERSION, `A snapshot of version ${SNAPSHOT_VERSION} is restored.`);
  assert(trading.lease !== null || trading.positions.length === 0, 'Positions are ordered under a lease.');
  const state = readTrading(trading);
  if (running !== undefined) {
    state.autoBot = trading.autoBot;
    state.entriesAllowed = running.entriesAllowed;
  }
  if (market === null) {
    holdInstruments(state, trading);
    return state;
  }
  state.feedLost = market.feedLost;
  state.quotesGiven = market.quotesGiven;
  state.fundingGiven = market.fundingGiven;
  for (const stored of market.instruments) {
    const read = readMarket(stored, settingsOf(state, readId(stored.instrument.id)).signal);
    state.markets.set(read.instrument.id, read);
  }
  return state;
}

function readTrading(trading: TradingSnapshot): EngineState {
  const state = emptyState(trading.settings, trading.settingsVersion);
  state.timeMs = trading.timeMs;
  state.entriesAllowed = { ...state.entriesAllowed, sinceMs: trading.timeMs };
  state.autoBot = { enabled: false, changed: null };
  state.lease = trading.lease;
  state.account = readAccount(trading.account);
  state.dayStart = readDayStart(trading.dayStart);
  const { stopRefusal } = trading;
  state.stopRefusal =
    stopRefusal === null ? null : { ...stopRefusal, instrumentId: readId(stopRefusal.instrumentId) };
  state.foreign = trading.foreign.map(readForeign);
  for (const row of trading.ignored) {
    const instrumentId = readId(row.instrumentId);
    state.ignored.set(instrumentId, { ...row, instrumentId, quantity: decimal(row.quantity) });
  }
  readOutside(state, trading.outside);
  for (const bot of trading.bots) {
    const instrumentId = readId(bot.instrumentId);
    state.bots.set(instrumentId, { ...bot, instrumentId });
  }
  state.instrumentPatches = new Map(trading.instrumentSettings.map(([id, patch]) => [readId(id), patch]));
  const { settings, instrumentPatches: instruments, bots } = state;
  const own = ownSettings({ settings, instruments, bots: bots.values() });
  state.own = ensure(own.ok ? own.value : null, 'Stored settings fit together.');
  for (const stored of trading.positions)
    state.positions.set(readId(stored.instrumentId), readPosition(stored));
  for (const stored of trading.ladders) {
    const ladder = readLadder(stored);
    state.ladders.set(ladder.plan.instrumentId, ladder);
  }
  for (const stored of trading.orders) state.orders.set(readOrderId(stored.clientOrderId), readOrder(stored));
  readSurprises(state, trading);
  for (const [id, untilMs] of trading.coolDowns) state.coolDowns.set(readId(id), untilMs);
  for (const [id, openTimeMs] of trading.attempts) state.attempts.set(readId(id), openTimeMs);
  for (const [id, timeMs] of trading.lastFills) state.lastFills.set(readId(id), timeMs);
  for (const [id, streak] of trading.lossStreaks) state.lossStreaks.set(readId(id), streak);
  for (const fillId of trading.fillIds) state.fillIds.add(fillId);
  return state;
}

function readSurprises(state: EngineState, { surprises }: TradingSnapshot): void {
  const { count, lastMs, freezes } = surprises;
  state.surprises = { count, lastMs };
  for (const freeze of freezes) {
    const instrumentId = readId(freeze.instrumentId);
    const clientOrderId = readOrderId(freeze.clientOrderId);
    state.freezes.set(instrumentId, { ...freeze, instrumentId, clientOrderId });
  }
}

function readOutside(
  state: EngineState,
  { fills, takenAway, stops, orders }: TradingSnapshot['outside'],
): void {
  for (const deed of fills) {
    const instrumentId = readId(deed.instrumentId);
    const { held, bought } = deed;
    state.outsideFills.set(instrumentId, { ...deed, instrumentId, ...decimals({ held, bought }) });
  }
  for (const order of takenAway) {
    const clientOrderId = readOrderId(order.clientOrderId);
    const instrumentId = readId(order.instrumentId);
    const { quantity } = order;
    state.takenAway.set(clientOrderId, { ...order, clientOrderId, instrumentId, ...decimals({ quantity }) });
  }
  for (const stop of stops) {
    const instrumentId = readId(stop.instrumentId);
    const { from, to } = stop;
    state.stopsMoved.set(instrumentId, { instrumentId, ...decimals({ from, to }) });
  }
  state.strangeOrders = orders.map((order) => {
    const { quantity } = order;
    const price = decimalOrNull(order.price);
    return { ...order, instrumentId: readId(order.instrumentId), ...decimals({ quantity }), price };
  });
}

/** Without the market, what is held is known by its rules alone until the exchange lists it anew. */
function holdInstruments(state: EngineState, { instruments }: TradingSnapshot): void {
  for (const stored of instruments) {
    const instrument = readInstrument(stored);
    const { timeframe, signal } = settingsOf(state, instrument.id);
    state.markets.set(instrument.id, new InstrumentMarket(instrument, timeframe, signal));
    followSeriesOf(state, instrument.id);
  }
}

function readAccount(account: TradingSnapshot['account']): EngineState['account'] {
  if (account === null) return null;
  const { balance, asOfMs, transferred } = account;
  return { balance: decimals(balance), asOfMs, transferred: decimalOrNull(transferred) };
}

function readDayStart(start: TradingSnapshot['dayStart']): EngineState['dayStart'] {
  return start === null ? null : { ...start, equity: decimal(start.equity) };
}

function readForeign(row: TradingSnapshot['foreign'][number]): ForeignPosition {
  const { quantity, entryPrice, markPrice, unrealisedPnl } = row;
  return {
    ...row,
    ...decimals({ quantity, entryPrice, markPrice, unrealisedPnl }),
    instrumentId: readId(row.instrumentId),
    stopPrice: decimalOrNull(row.stopPrice),
    takeProfitPrice: decimalOrNull(row.takeProfitPrice),
    liquidationPrice: decimalOrNull(row.liquidationPrice),
  };
}

function readPosition(stored: PositionSnapshot): OpenPosition {
  const { direction, ...sums } = stored.holding;
  const { closing, reducing } = stored;
  return {
    ...stored,
    instrumentId: readId(stored.instrumentId),
    entryOrderId: readOrderId(stored.entryOrderId),
    entry: readEntry(stored.entry),
    holding: { direction, ...decimals(sums) },
    steps: readSteps(stored.steps),
    stopPrice: decimal(stored.stopPrice),
    takeProfitPrice: decimalOrNull(stored.takeProfitPrice),
    exchangeStopPrice: decimalOrNull(stored.exchangeStopPrice),
    exchangeTakeProfitPrice: decimalOrNull(stored.exchangeTakeProfitPrice),
    confirmedStopPrice: decimalOrNull(stored.confirmedStopPrice),
    liquidationPrice: decimalOrNull(stored.liquidationPrice),
    closing: closing === null ? null : { ...closing, clientOrderId: readOrderId(closing.clientOrderId) },
    reducing: reducing === null ? null : { ...reducing, clientOrderId: readOrderId(reducing.clientOrderId) },
    driftQuantity: decimalOrNull(stored.driftQuantity),
    driftMs: stored.driftMs ?? null,
  };
}

function readOrder(stored: OrderSnapshot): TrackedOrder {
  return {
    ...stored,
    clientOrderId: readOrderId(stored.clientOrderId),
    instrumentId: readId(stored.instrumentId),
    quantity: decimal(stored.quantity),
    filledQuantity: decimal(stored.filledQuantity),
    entry: stored.entry === null ? null : readEntry(stored.entry),
    limitPrice: decimalOrNull(stored.limitPrice),
    ladderId: stored.ladderId === null ? null : readOrderId(stored.ladderId),
  };
}

function readEntry(stored: EntryNoteSnapshot): EntryNote {
  const { stopPrice, referencePrice, takeProfitPrice } = stored;
  return {
    ...stored,
    ...decimals({ stopPrice, referencePrice }),
    takeProfitPrice: decimalOrNull(takeProfitPrice),
  };
}

function readMarket(stored: InstrumentMarketSnapshot, settings: SignalSettings): InstrumentMarket {
  const { scan, held } = stored;
  const market = new InstrumentMarket(readInstrument(stored.instrument), scan.timeframe, settings);
  market.follow(scan.timeframe, held?.timeframe ?? null, settings);
  const { lastPrice, priceMs, markPrice, turnover24h, explained } = stored;
  const { bidPrice, askPrice, fundingRate } = stored;
  Object.assign(market, { lastPrice, priceMs, markPrice, turnover24h });
  market.explained = parseExplained(explained);
  Object.assign(market, { bidPrice, askPrice, fundingRate });
  market.scan.restore(scan);
  if (held !== null) market.held?.restore(held);
  return market;
}

function readInstrument(stored: InstrumentSnapshot): Instrument {
  const { tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin } = stored;
  const exchangeSymbol = parseExchangeSymbol(stored.exchangeSymbol);
  return {
    ...stored,
    ...decimals({ tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin }),
    id: readId(stored.id),
    exchangeSymbol: ensure(exchangeSymbol, 'A stored instrument has an exchange symbol.'),
  };
}

function readId(text: string): InstrumentId {
  return ensure(parseInstrumentId(text), `A stored instrument id is none: ${text}.`);
}

function readOrderId(text: string): ClientOrderId {
  return ensure(parseClientOrderId(text), `A stored order id is none: ${text}.`);
}

function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : decimal(text);
}

/** Decimal texts as exact values, key by key. */
function decimals<Key extends string>(texts: Readonly<Record<Key, string>>): Record<Key, Decimal> {
  const values: Partial<Record<Key, Decimal>> = {};
  for (const key in texts) values[key] = decimal(texts[key]);
  return values as Record<Key, Decimal>;
}
