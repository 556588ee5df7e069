import { type Decimal, decimalText } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { explainedText } from './explained.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { writeLadder } from './ladder-snapshot.ts';
import { type EntryNote, isLive, type OpenPosition, type TrackedOrder } from './open-position.ts';
import { writeOutside } from './outside.ts';
import { writeSteps } from './position-steps.ts';
import {
  type EngineSnapshot,
  type EntryNoteSnapshot,
  type InstrumentMarketSnapshot,
  type InstrumentSnapshot,
  type OrderSnapshot,
  type PositionSnapshot,
  type SeriesSnapshot,
  SNAPSHOT_VERSION,
  type TradingSnapshot,
} from './snapshot.ts';
import { type EngineState, type ForeignPosition, textOrNull } from './state.ts';
import type { StreamedSeries } from './streamed-series.ts';

/** The whole state as plain JSON; a copy that later steps do not change. */
export function writeSnapshot(state: EngineState): EngineSnapshot {
  const instruments = [...state.markets.values()].map((market) => writeMarket(market, allCandles));
  return {
    version: SNAPSHOT_VERSION,
    trading: writeTrading(state),
    market: {
      feedLost: state.feedLost,
      quotesGiven: state.quotesGiven,
      fundingGiven: state.fundingGiven,
      instruments,
    },
  };
}

/** What must survive a restart, alone: small enough to store on every change. */
export function writeTrading(state: EngineState): TradingSnapshot {
  const { account } = state;
  return {
    timeMs: state.timeMs,
    settings: state.settings,
    settingsVersion: state.settingsVersion,
    instrumentSettings: [...state.instrumentPatches],
    autoBot: state.autoBot,
    lease: state.lease,
    account:
      account === null
        ? null
        : {
            balance: texts(account.balance),
            asOfMs: account.asOfMs,
            transferred: textOrNull(account.transferred),
          },
    dayStart:
      state.dayStart === null ? null : { ...state.dayStart, ...texts({ equity: state.dayStart.equity }) },
    stopRefusal: state.stopRefusal,
    foreign: state.foreign.map(writeForeign),
    ignored: [...state.ignored.values()].map((row) => ({ ...row, quantity: decimalText(row.quantity) })),
    outside: writeOutside(state),
    bots: [...state.bots.values()],
    instruments: heldInstruments(state).map(writeInstrument),
    positions: [...state.positions.values()].map(writePosition),
    ladders: [...state.ladders.values()].map(writeLadder),
    orders: [...state.orders.values()].map(writeOrder),
    surprises: { ...state.surprises, freezes: [...state.freezes.values()] },
    coolDowns: [...state.coolDowns],
    attempts: [...state.attempts],
    lastFills: [...state.lastFills],
    lossStreaks: [...state.lossStreaks],
    fillIds: [...state.fillIds],
  };
}

/** Of positions and of orders in flight. */
function heldInstruments(state: EngineState): readonly Instrument[] {
  const held = new Set(state.positions.keys());
  for (const order of state.orders.values()) if (isLive(order)) held.add(order.instrumentId);
  return [...held].flatMap((id) => state.markets.get(id)?.instrument ?? []);
}

function writeForeign(row: ForeignPosition): TradingSnapshot['foreign'][number] {
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
    steps: writeSteps(position.steps),
    stopPrice: decimalText(position.stopPrice),
    takeProfitPrice: textOrNull(position.takeProfitPrice),
    exchangeStopPrice: textOrNull(position.exchangeStopPrice),
    exchangeTakeProfitPrice: textOrNull(position.exchangeTakeProfitPrice),
    confirmedStopPrice: textOrNull(position.confirmedStopPrice),
    liquidationPrice: textOrNull(position.liquidationPrice),
    driftQuantity: textOrNull(position.driftQuantity),
  };
}

function writeOrder(order: TrackedOrder): OrderSnapshot {
  const { quantity, filledQuantity, entry } = order;
  return {
    ...order,
    ...texts({ quantity, filledQuantity }),
    limitPrice: textOrNull(order.limitPrice),
    entry: entry === null ? null : writeEntry(entry),
  };
}

function writeEntry(entry: EntryNote): EntryNoteSnapshot {
  const { stopPrice, referencePrice, takeProfitPrice } = entry;
  return { ...entry, ...texts({ stopPrice, referencePrice }), takeProfitPrice: textOrNull(takeProfitPrice) };
}

/** One instrument's market, with the candles that are asked for. */
export function writeMarket(
  market: InstrumentMarket,
  candlesOf: (series: StreamedSeries) => SeriesSnapshot['candles'],
): InstrumentMarketSnapshot {
  const { lastPrice, priceMs, markPrice, turnover24h, scan, held } = market;
  const { bidPrice, askPrice, fundingRate } = market;
  return {
    instrument: writeInstrument(market.instrument),
    ...{ lastPrice, priceMs, markPrice, turnover24h, bidPrice, askPrice, fundingRate },
    explained: explainedText(market.explained),
    scan: writeSeries(scan, candlesOf(scan)),
    held: held === null ? null : writeSeries(held, candlesOf(held)),
  };
}

function allCandles({ candles }: StreamedSeries): SeriesSnapshot['candles'] {
  return candles.toCandles();
}

function writeSeries(series: StreamedSeries, candles: SeriesSnapshot['candles']): SeriesSnapshot {
  const { timeframe, rsi, rsiHistory, volatility, faultsMs } = series;
  const { feedLost, gap, shown, rsiMin, rsiMax } = series.facts(null);
  const trend = series.trend.snapshot();
  return {
    ...{ timeframe, feedLost, gap, shown, rsiMin, rsiMax },
    candles,
    rsi: rsi.snapshot(),
    faultsMs: [...faultsMs],
    rsiHistory: rsiHistory.snapshot(),
    volatility: volatility.snapshot(),
    trend: { ...trend, closes: [...trend.closes] },
  };
}

function writeInstrument(instrument: Instrument): InstrumentSnapshot {
  const { tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin } = instrument;
  return { ...instrument, ...texts({ tickSize, quantityStep, quantityMin, marketQuantityMax, notionalMin }) };
}

/** Decimals as text, key by key. */
function texts<Key extends string>(values: Readonly<Record<Key, Decimal>>): Record<Key, string> {
  const written: Partial<Record<Key, string>> = {};
  for (const key in values) written[key] = decimalText(values[key]);
  return written as Record<Key, string>;
}
