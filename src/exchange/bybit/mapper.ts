import type { z } from 'zod';
import type { Decimal } from '../../core/base/decimal.ts';
import { err, ok, type Result } from '../../core/base/result.ts';
import { canonicalId, parseBase } from '../../core/domain/exchange-name.ts';
import { type Instrument, type InstrumentId, parseExchangeSymbol } from '../../core/domain/instrument.ts';
import type { Direction, Fill, Order, OrderStatus, Side } from '../../core/domain/order.ts';
import type { StatedPosition, Ticker, WalletStatement } from '../exchange.ts';
import { fillCauseOf } from './fill-cause.ts';
import type { SymbolMeaning } from './instrument-registry.ts';
import {
  executionHead,
  executionRow,
  instrumentHead,
  instrumentRow,
  isolatedCoin,
  orderRow,
  parse,
  positionHead,
  positionRow,
  tickerRow,
  walletCoin,
  walletRow,
} from './schema.ts';

/** A row in our words; null: a row that rightly is not ours; otherwise what is wrong with it, naming the field. */
export type Mapped<T> = Result<T | null, string>;
export type MeaningOf = (symbol: string) => SymbolMeaning;

/** A position together with the side of the account's book it stands on: 0 one-way, 1 long and 2 short of hedge mode. */
export interface IndexedPosition {
  readonly position: StatedPosition;
  readonly positionIdx: 0 | 1 | 2;
}

const MINUTE_MS = 60_000;
const INSTRUMENT_STATUS = {
  PreLaunch: 'pre-launch',
  Trading: 'trading',
  Delivering: 'delivering',
  Closed: 'closed',
} as const;

/** A linear perpetual settled and quoted in USDT, told by its contract type and coins. Null for other contracts. */
export function instrumentFrom(row: unknown): Mapped<Instrument> {
  const head = parse(instrumentHead, row);
  if (!head.ok) return head;
  const { contractType, quoteCoin, settleCoin } = head.value;
  if (contractType !== 'LinearPerpetual' || quoteCoin !== 'USDT' || settleCoin !== 'USDT') return ok(null);
  const wire = parse(instrumentRow, row);
  if (!wire.ok) return wire;
  const name = parseBase(wire.value.baseCoin);
  const id = canonicalId(name, quoteCoin);
  const exchangeSymbol = parseExchangeSymbol(wire.value.symbol);
  if (id === null || exchangeSymbol === null) return err(`symbol: ${wire.value.symbol} has no name of ours`);
  return ok({ id, exchangeSymbol, quote: quoteCoin, ...name, ...tradingRules(wire.value) });
}

function tradingRules(
  wire: z.infer<typeof instrumentRow>,
): Omit<Instrument, 'id' | 'exchangeSymbol' | 'base' | 'multiplier' | 'quote'> {
  return {
    status: INSTRUMENT_STATUS[wire.status],
    tickSize: wire.priceFilter.tickSize,
    quantityStep: wire.lotSizeFilter.qtyStep,
    quantityMin: wire.lotSizeFilter.minOrderQty,
    marketQuantityMax: wire.lotSizeFilter.maxMktOrderQty,
    notionalMin: wire.lotSizeFilter.minNotionalValue,
    leverageMax: wire.leverageFilter.maxLeverage,
    launchTimeMs: wire.launchTime,
    deliveryTimeMs: wire.deliveryTime === 0 ? null : wire.deliveryTime,
    fundingIntervalMs: wire.fundingInterval * MINUTE_MS,
  };
}

/** Prices and statistics of one instrument; a rate of change becomes percent. */
export function tickerFrom(row: unknown, instrumentId: InstrumentId): Result<Ticker, string> {
  const wire = parse(tickerRow, row);
  if (!wire.ok) return wire;
  const { lastPrice, markPrice, bid1Price, ask1Price, turnover24h, price24hPcnt, fundingRate } = wire.value;
  return ok({
    instrumentId,
    lastPrice,
    markPrice,
    bidPrice: bid1Price,
    askPrice: ask1Price,
    turnover24h,
    priceChange24hPct: price24hPcnt === null ? null : price24hPcnt * 100,
    fundingRate,
  });
}

/** An open position. Null for an empty row, which counts as empty only when its size is a readable zero. */
export function positionFrom(row: unknown, meaningOf: MeaningOf): Mapped<IndexedPosition> {
  const head = parse(positionHead, row);
  if (!head.ok) return head;
  if (head.value.size.isZero()) return ok(null);
  const meaning = meaningOf(head.value.symbol);
  if (meaning.kind !== 'ours') return notOurs(meaning, head.value.symbol);
  const wire = parse(positionRow, row);
  if (!wire.ok) return wire;
  const { side, size, positionIdx } = wire.value;
  const direction: Direction = side === 'Buy' ? 'long' : 'short';
  if (positionIdx !== 0 && positionIdx !== (direction === 'long' ? 1 : 2)) {
    return err(`positionIdx: ${positionIdx} contradicts side ${side}`);
  }
  const position: StatedPosition = {
    instrumentId: meaning.id,
    direction,
    quantity: size,
    entryPrice: wire.value.avgPrice,
    markPrice: wire.value.markPrice,
    leverage: wire.value.leverage,
    stopPrice: wire.value.stopLoss,
    takeProfitPrice: wire.value.takeProfit,
    liquidationPrice: wire.value.liqPrice,
    unrealisedPnl: wire.value.unrealisedPnl,
    margin: wire.value.positionIM,
  };
  return ok({ position, positionIdx });
}

/** `Triggered` lasts an instant on the way to the book; `Deactivated` is a conditional order cancelled before it. */
const ORDER_STATUS: ReadonlyMap<string, OrderStatus> = new Map([
  ['New', 'open'],
  ['PartiallyFilled', 'partly-filled'],
  ['Untriggered', 'untriggered'],
  ['Triggered', 'open'],
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['PartiallyFilledCanceled', 'cancelled'],
  ['Deactivated', 'cancelled'],
  ['Rejected', 'rejected'],
]);

/** An order; `stopPrice` is the price that triggers it. A status we do not know is a fault, not a guess. */
export function orderFrom(row: unknown, meaningOf: MeaningOf): Mapped<Order> {
  const wire = parse(orderRow, row);
  if (!wire.ok) return wire;
  const { value } = wire;
  const meaning = meaningOf(value.symbol);
  if (meaning.kind !== 'ours') return notOurs(meaning, value.symbol);
  const status = ORDER_STATUS.get(value.orderStatus);
  if (status === undefined) return err(`orderStatus: ${value.orderStatus} is not known`);
  return ok({
    exchangeOrderId: value.orderId,
    clientOrderId: value.orderLinkId === '' ? null : value.orderLinkId,
    instrumentId: meaning.id,
    side: sideFrom(value.side),
    kind: value.orderType === 'Market' ? 'market' : 'limit',
    status,
    quantity: value.qty,
    filledQuantity: value.cumExecQty,
    averagePrice: value.avgPrice,
    price: value.price,
    stopPrice: value.triggerPrice,
    reduceOnly: value.reduceOnly,
    reason: endReason(status, value),
    updatedMs: value.updatedTime,
    ...(value.createdTime === undefined ? {} : { createdMs: value.createdTime }),
  });
}

function endReason(status: OrderStatus, wire: z.infer<typeof orderRow>): string {
  if (status !== 'rejected' && status !== 'cancelled') return '';
  const rejected = wire.rejectReason === 'EC_NoError' ? '' : wire.rejectReason;
  const cancelled = wire.cancelType === 'UNKNOWN' ? '' : wire.cancelType;
  return rejected === '' ? cancelled : rejected;
}

/** Rows of the execution list that move money and leave what is held as it is. */
const NOT_FILLS: ReadonlySet<string> = new Set(['Funding', 'Settle', 'SessionSettlePnL']);

/**
 * Ways out of a position, or into one, past the order book. The delivery of a delisted perpetual is the only word on
 * its end; where such a row has no price, quantity or side of a fill it is left out, as it says nothing then.
 */
const BESIDE_THE_BOOK: ReadonlySet<string> = new Set([
  'Delivery',
  'BlockTrade',
  'MovePosition',
  'FutureSpread',
]);

/** One execution. Null for funding and settlement rows; an execution type we do not know is a fault. */
export function fillFrom(row: unknown, meaningOf: MeaningOf): Mapped<Fill> {
  const head = parse(executionHead, row);
  if (!head.ok) return head;
  if (NOT_FILLS.has(head.value.execType)) return ok(null);
  const meaning = meaningOf(head.value.symbol);
  if (meaning.kind !== 'ours') return notOurs(meaning, head.value.symbol);
  const wire = parse(executionRow, row);
  if (!wire.ok) return BESIDE_THE_BOOK.has(head.value.execType) ? ok(null) : wire;
  const { value } = wire;
  return ok({
    fillId: value.execId,
    exchangeOrderId: value.orderId,
    clientOrderId: value.orderLinkId === '' ? null : value.orderLinkId,
    instrumentId: meaning.id,
    side: sideFrom(value.side),
    price: value.execPrice,
    quantity: value.execQty,
    fee: value.execFee,
    maker: value.isMaker,
    cause: fillCauseOf(value),
    timeMs: value.execTime,
  });
}

/**
 * Money in USDT. `available` is the account-wide number; in isolated margin mode, where that is empty text, it is
 * what the coin has left after margins and holds. An account without a USDT row is a fault, never zero.
 */
export function balanceFrom(row: unknown): Result<WalletStatement, string> {
  const wallet = parse(walletRow, row);
  if (!wallet.ok) return wallet;
  const coinRow = wallet.value.coin.find(({ coin }) => coin === 'USDT');
  const coin = parse(walletCoin, coinRow);
  if (!coin.ok) return err(`coin USDT ${coin.error}`);
  const total = wallet.value.totalAvailableBalance;
  const available = total === '' ? isolatedAvailable(coinRow) : ok(total);
  if (!available.ok) return available;
  return ok({
    equity: coin.value.equity,
    walletBalance: coin.value.walletBalance,
    available: available.value,
    positionMargin: coin.value.totalPositionIM,
  });
}

function isolatedAvailable(coinRow: unknown): Result<Decimal, string> {
  const coin = parse(isolatedCoin, coinRow);
  if (!coin.ok) return err(`coin USDT ${coin.error}`);
  const { walletBalance, totalPositionIM, totalOrderIM, locked } = coin.value;
  return ok(walletBalance.minus(totalPositionIM).minus(totalOrderIM).minus(locked));
}

function sideFrom(side: 'Buy' | 'Sell'): Side {
  return side === 'Buy' ? 'buy' : 'sell';
}

/** What a row of an instrument that is not ours comes to. */
export function notOurs(meaning: SymbolMeaning, symbol: string): Mapped<never> {
  return meaning.kind === 'other-contract' ? ok(null) : err(`symbol: ${symbol} has no name of ours`);
}
