import { decimal, decimalText } from '../../core/base/decimal.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { ApprovedOrder, ClientOrderId } from '../../core/domain/order.ts';
import type { ChangeOutcome, PlaceOutcome, StopRequest } from '../exchange.ts';
import type { Answer } from './answer.ts';
import type { WriteCall } from './client.ts';
import { DUPLICATE_ORDER_ID_CODE, isDone, type LevelWrite } from './error-codes.ts';
import type { ReadContext } from './market-reads.ts';
import { findOrder } from './order-reads.ts';
import { parse, placedOrder } from './schema.ts';

/** The side of the account's book: 0 in one-way mode, 1 long and 2 short in hedge mode. */
export type PositionIndex = 0 | 1 | 2;

const CREATE_PATH = '/v5/order/create';

/** Sends an order, once. An entry carries its stop, so that no position is born without one. */
export async function placeOrder(
  context: ReadContext,
  {
    order,
    instrument,
    positionIdx,
  }: { order: ApprovedOrder; instrument: Instrument; positionIdx: PositionIndex },
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
  const answer = await context.client.write({ path: CREATE_PATH, body, requestClass: order.kind });
  return placeOutcome(context, answer, { instrument, clientOrderId: order.clientOrderId });
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
export function setStop(
  context: ReadContext,
  request: StopRequest,
  positionIdx: PositionIndex,
): Promise<ChangeOutcome> {
  const symbol = request.instrument.exchangeSymbol;
  const body = { category: 'linear', symbol, positionIdx, tpslMode: 'Full', ...levelFields(request) };
  return change(context, 'set-stop', { path: '/v5/position/trading-stop', body, requestClass: 'protect' });
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

async function placeOutcome(
  context: ReadContext,
  answer: Answer,
  { instrument, clientOrderId }: { instrument: Instrument; clientOrderId: ClientOrderId },
): Promise<PlaceOutcome> {
  if (answer.kind === 'done') {
    const placed = parse(placedOrder, answer.result);
    const ours = placed.ok && placed.value.orderLinkId === clientOrderId;
    if (ours) return { kind: 'accepted', exchangeOrderId: placed.value.orderId };
    const fault = placed.ok ? 'orderLinkId: not the one that was sent' : placed.error;
    return { kind: 'unknown', detail: context.client.badAnswer(`${CREATE_PATH}: result.${fault}`).detail };
  }
  if (answer.kind !== 'refused' || answer.code !== String(DUPLICATE_ORDER_ID_CODE))
    return outcomeOf(context, answer);
  const found = await findOrder(context, instrument, clientOrderId);
  if (found.kind === 'known' && found.value !== null) {
    return { kind: 'accepted', exchangeOrderId: found.value.exchangeOrderId };
  }
  return { kind: 'unknown', detail: `${answer.detail}; the order with this id could not be read` };
}

async function change(context: ReadContext, write: LevelWrite, call: WriteCall): Promise<ChangeOutcome> {
  const answer = await context.client.write(call);
  if (answer.kind === 'done') return { kind: 'done' };
  if (answer.kind === 'refused' && isDone(write, Number(answer.code))) return { kind: 'done' };
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
