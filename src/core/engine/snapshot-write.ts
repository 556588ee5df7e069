import { type Decimal, decimalText } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { ExchangePosition } from '../domain/position.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { EntryNote, OpenPosition, TrackedOrder } from './open-position.ts';
import {
  type EngineSnapshot,
  type EntryNoteSnapshot,
  type InstrumentMarketSnapshot,
  type OrderSnapshot,
  type PositionSnapshot,
  SNAPSHOT_VERSION,
  type TradingSnapshot,
} from './snapshot.ts';
import { type EngineState, textOrNull } from './state.ts';

/** The whole state as plain JSON; a copy that later steps do not change. */
export function writeSnapshot(state: EngineState): EngineSnapshot {
  const instruments = [...state.markets.values()].map(writeMarket);
  return {
    version: SNAPSHOT_VERSION,
    trading: writeTrading(state),
    market: { feedLost: state.feedLost, instruments },
  };
}

/** What must survive a restart, alone: small enough to store on every change. */
export function writeTrading(state: EngineState): TradingSnapshot {
  const { account } = state;
  return {
    timeMs: state.timeMs,
    settings: state.settings,
    settingsVersion: state.settingsVersion,
    autoBot: state.autoBot,
    lease: state.lease,
    account: account === null ? null : { balance: texts(account.balance), asOfMs: account.asOfMs },
    foreign: state.foreign.map(writeExchangePosition),
    bots: [...state.bots.values()],
    positions: [...state.positions.values()].map(writePosition),
    orders: [...state.orders.values()].map(writeOrder),
    coolDowns: [...state.coolDowns],
    attempts: [...state.attempts],
    lastFills: [...state.lastFills],
    fillIds: [...state.fillIds],
  };
}

function writeExchangePosition(row: ExchangePosition): TradingSnapshot['foreign'][number] {
  const { quantity, entryPrice, markPrice, unrealisedPnl } = row;
  return {
    ...row,
    ...texts({ quantity, entryPrice, markPrice, unrealisedPnl }),
    stopPrice: textOrNull(row.stopPrice),
    takeProfitPrice: textOrNull(row.takeProfitPrice),
    liquidationPrice: textOrNull(row.liquidationPrice),
  };
}

function writePosition(position: OpenPosition): PositionSnapshot {
  const { direction, ...sums } = position.holding;
  return {
    ...position,
    entry: writeEntry(position.entry),
    holding: { direction, ...texts(sums) },
    stopPrice: decimalText(position.stopPrice),
    takeProfitPrice: textOrNull(position.takeProfitPrice),
    exchangeStopPrice: textOrNull(position.exchangeStopPrice),
    exchangeTakeProfitPrice: textOrNull(position.exchangeTakeProfitPrice),
    driftQuantity: textOrNull(position.driftQuantity),
  };
}

function writeOrder(order: TrackedOrder): OrderSnapshot {
  const { quantity, filledQuantity, entry } = order;
  return {
    ...order,
    ...texts({ quantity, filledQuantity }),
    entry: entry === null ? null : writeEntry(entry),
  };
}

function writeEntry(entry: EntryNote): EntryNoteSnapshot {
  const { stopPrice, referencePrice, takeProfitPrice } = entry;
  return { ...entry, ...texts({ stopPrice, referencePrice }), takeProfitPrice: textOrNull(takeProfitPrice) };
}

function writeMarket(market: InstrumentMarket): InstrumentMarketSnapshot {
  const { lastPrice, priceMs, markPrice, turnover24h, feedLost, explained, gap, shown } = market;
  const { rsiMin, rsiMax } = market.facts(null);
  return {
    instrument: writeInstrument(market.instrument),
    ...{ lastPrice, priceMs, markPrice, turnover24h, feedLost, explained, gap, shown, rsiMin, rsiMax },
    candles: market.series.toCandles(),
    rsi: market.rsi.snapshot(),
    trend: { closes: [...market.trend.snapshot().closes] },
  };
}

function writeInstrument(instrument: Instrument): InstrumentMarketSnapshot['instrument'] {
  const { tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin } = instrument;
  return { ...instrument, ...texts({ tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin }) };
}

/** Decimals as text, key by key. */
function texts<Key extends string>(values: Readonly<Record<Key, Decimal>>): Record<Key, string> {
  const written: Partial<Record<Key, string>> = {};
  for (const key in values) written[key] = decimalText(values[key]);
  return written as Record<Key, string>;
}
