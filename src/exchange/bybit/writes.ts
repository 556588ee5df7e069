import { decimal, decimalText } from '../../core/base/decimal.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { ApprovedOrder, ClientOrderId } from '../../core/domain/order.ts';
import type { SendableOrder } from '../../core/domain/sendable-order.ts';
import { sleep, type Time } from '../../platform/time.ts';
import type { ChangeOutcome, PlaceOutcome, StopOutcome, StopRequest } from '../exchange.ts';
import type { Answer } from './answer.ts';
import type { WriteCall, Written } from './client.ts';
import {
  DUPLICATE_ORDER_ID_CODE,
  isDone,
  isUnread,
  isUnsupported,
  type LevelWrite,
  reactionToCode,
} from './error-codes.ts';
import type { ReadContext } from './market-reads.ts';
import { findOrder } from './order-reads.ts';
import { parse, placedOrder } from './schema.ts';

/** The side of the account's book: 0 in one-way mode, 1 long and 2 short in hedge mode. */
export type PositionIndex = 0 | 1 | 2;

const CREATE_PATH = '/v5/order/create';
/** Two round trips, and some. */
const EXIT_DOUBT_MS = 500;
/** Shorter than that of other requests: the next stop of a position waits until one that was not answered is void. */
const STOP_WINDOW_MS = 3_000;

/** Sends an order, once. An entry carries its stop, so that no position is born without one. */
export async function placeOrder(
  context: ReadContext,
  {
    sendable: { order, mayLeave },
    instrument,
    positionIdx,
    time,
  }: { sendable: SendableOrder; instrument: Instrument; positionIdx: PositionIndex; time: Time },
): Promise<PlaceOutcome> {
  if (order.instrumentId !== instrument.id || !order.quantity.greaterThan(0)) {
    return { kind: 'not-sent', detail: `order ${order.clientOrderId} does not fit ${instrument.id}` };
  }
  const body = {
    category: 'linear',
    symbol: instrument.exchangeSymbol,
    side: order.side === 'buy' ? 'Buy' : 'Sell',
    ...priceFields(order),
    qty: decimalText(order.quantity),
    positionIdx,
    orderLinkId: order.clientOrderId,
    reduceOnly: order.kind === 'exit',
    ...(order.kind === 'entry' ? { tpslMode: 'Full', ...levelFields(order) } : {}),
  };
  const written = await context.client.write({ path: CREATE_PATH, body, requestClass: order.kind, mayLeave });
  const outcome = placeOutcome(context, written, order.clientOrderId);
  return outcome.kind === 'rejected' ? doubted(context, outcome, { order, instrument, time }) : outcome;
}

/** Cancels an order of ours. One that is gone already counts as done. */
export function cancelOrder(
  context: ReadContext,
  instrument: Instrument,
  clientOrderId: ClientOrderId,
): Promise<ChangeOutcome> {
  const body = { category: 'linear', symbol: instrument.exchangeSymbol, orderLinkId: clientOrderId };
  return change(context, 'cancel', { path: '/v5/order/cancel', body, requestClass: 'exit' });
}

/** Sets the position's levels, amended in place: the exchange leaves a level alone whose field is not sent. */
export async function setStop(
  context: ReadContext,
  request: StopRequest,
  { positionIdx, mayLeave }: { positionIdx: PositionIndex; mayLeave?: WriteCall['mayLeave'] },
): Promise<StopOutcome> {
  const symbol = request.instrument.exchangeSymbol;
  const body = { category: 'linear', symbol, positionIdx, tpslMode: 'Full', ...levelFields(request) };
  const call = { path: '/v5/position/trading-stop', body, requestClass: 'protect', mayLeave } as const;
  const outcome = await change(context, 'set-stop', { ...call, receiveWindowMs: STOP_WINDOW_MS });
  if (outcome.kind !== 'rejected') return outcome;
  const { code, detail } = outcome;
  // A key that may not do it is no word on the stop.
  if (reactionToCode(Number(code)) === 'key' || code === 'http-401') return { kind: 'not-sent', detail };
  return isUnsupported(code, detail) ? { kind: 'unsupported', code, detail } : outcome;
}

/** Sets the leverage of both directions. */
export function setLeverage(
  context: ReadContext,
  instrument: Instrument,
  leverage: number,
): Promise<ChangeOutcome> {
  const text = decimalText(decimal(leverage));
  const symbol = instrument.exchangeSymbol;
  const body = { category: 'linear', symbol, buyLeverage: text, sellLeverage: text };
  return change(context, 'set-leverage', { path: '/v5/position/set-leverage', body, requestClass: 'entry' });
}

/** Puts all USDT perpetuals of the account into one-way mode. */
export function setOneWayMode(context: ReadContext): Promise<ChangeOutcome> {
  const body = { category: 'linear', coin: 'USDT', mode: 0 };
  return change(context, 'one-way', { path: '/v5/position/switch-mode', body, requestClass: 'entry' });
}

/** A market order is immediate by itself; one with a limit waits in the book until it is taken back. */
function priceFields(order: ApprovedOrder): Readonly<Record<string, string>> {
  const limit = order.kind === 'entry' ? order.limit : null;
  if (limit === null) return { orderType: 'Market' };
  const timeInForce = limit.postOnly ? 'PostOnly' : 'GTC';
  return { orderType: 'Limit', price: decimalText(limit.price), timeInForce };
}

/** The mark price follows the index: a wick on this exchange alone does not fire the stop. */
function levelFields({
  stopPrice,
  takeProfitPrice,
}: Pick<StopRequest, 'stopPrice' | 'takeProfitPrice'>): Readonly<Record<string, string>> {
  return {
    ...(stopPrice === null ? {} : { stopLoss: decimalText(stopPrice), slTriggerBy: 'MarkPrice' }),
    ...(takeProfitPrice === null ? {} : { takeProfit: decimalText(takeProfitPrice) }),
  };
}

/** A duplicate id is refused because the exchange has an order with it: sent once and arrived twice, it was accepted. */
function placeOutcome(
  context: ReadContext,
  { answer, validUntilMs }: Written,
  clientOrderId: ClientOrderId,
): PlaceOutcome {
  if (answer.kind === 'done') {
    const placed = parse(placedOrder, answer.result);
    const ours = placed.ok && placed.value.orderLinkId === clientOrderId;
    if (ours) return { kind: 'accepted', exchangeOrderId: placed.value.orderId };
    const fault = placed.ok ? 'orderLinkId: not the one that was sent' : placed.error;
    const { detail } = context.client.badAnswer(`${CREATE_PATH}: result.${fault}`);
    return { kind: 'unknown', detail, validUntilMs };
  }
  if (answer.kind === 'refused' && answer.code === String(DUPLICATE_ORDER_ID_CODE))
    return { kind: 'accepted', exchangeOrderId: null };
  const outcome = outcomeOf(context, answer);
  return outcome.kind === 'unknown' ? { ...outcome, validUntilMs } : outcome;
}

/**
 * A request that arrived twice is refused for what its first copy did: the margin is bound, the position is closed. A
 * refusal stands unless the exchange has the order. An exit waits for that no longer than a moment: while it is not known
 * to be refused, none is sent in its place.
 */
async function doubted(
  context: ReadContext,
  refusal: PlaceOutcome,
  {
    order,
    instrument,
    time,
  }: { readonly order: ApprovedOrder; readonly instrument: Instrument; readonly time: Time },
): Promise<PlaceOutcome> {
  const look = findOrder(context, instrument, order.clientOrderId);
  const moment = order.kind === 'exit' ? [sleep(time, EXIT_DOUBT_MS).then(() => null)] : [];
  const found = await Promise.race([look, ...moment]);
  if (found === null || found.kind === 'unknown' || found.value === null || found.value.status === 'rejected')
    return refusal;
  return { kind: 'accepted', exchangeOrderId: found.value.exchangeOrderId };
}

async function change(context: ReadContext, write: LevelWrite, call: WriteCall): Promise<ChangeOutcome> {
  const { answer } = await context.client.write(call);
  if (answer.kind === 'done') return { kind: 'done' };
  if (answer.kind === 'refused' && isDone(write, Number(answer.code))) return { kind: 'done' };
  if (answer.kind === 'refused' && isUnread(answer.reaction))
    return { kind: 'not-sent', detail: answer.detail };
  return outcomeOf(context, answer);
}

/** What a write that was not plainly carried out came to. Only a refusal that is definite counts as one. */
function outcomeOf(
  { client }: ReadContext,
  answer: Exclude<Answer, { kind: 'done' }>,
): Exclude<ChangeOutcome, { kind: 'done' }> {
  if (answer.kind === 'not-sent') return { kind: 'not-sent', detail: answer.detail };
  if (answer.kind === 'unreadable')
    return { kind: 'unknown', detail: client.badAnswer(answer.detail).detail };
  if (answer.kind === 'no-answer') return { kind: 'unknown', detail: answer.detail };
  if (answer.reaction === 'ambiguous' || answer.reaction === 'busy')
    return { kind: 'unknown', detail: answer.detail };
  return { kind: 'rejected', code: answer.code, detail: answer.detail };
}
