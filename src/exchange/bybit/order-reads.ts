import type { Instrument } from '../../core/domain/instrument.ts';
import type { ClientOrderId, Order } from '../../core/domain/order.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import type { RequestClass } from '../exchange.ts';
import { readRows, USDT_LINEAR } from './account-reads.ts';
import { orderFrom } from './mapper.ts';
import type { ReadContext } from './market-reads.ts';
import type { ListCall } from './query.ts';

const OPEN_ORDERS_PATH = '/v5/order/realtime';
const ORDER_HISTORY_PATH = '/v5/order/history';
/** The widest window one query of the history takes. */
const HISTORY_WINDOW_MS = 7 * 86_400_000 - 1;

/** Every resting order, stops of positions among them. */
export function readOpenOrders(
  context: ReadContext,
  requestClass: RequestClass,
): Promise<Reading<readonly Order[]>> {
  const parameters = { ...USDT_LINEAR, openOnly: '0', limit: '50' };
  return readOrders(context, { path: OPEN_ORDERS_PATH, parameters, signed: true, requestClass });
}

/** What rests, and what the history has of the orders made since: it lists none before it is over. */
export async function readOrdersSince(
  context: ReadContext,
  sinceMs: number,
  requestClass: RequestClass,
): Promise<Reading<readonly Order[]>> {
  const resting = await readOpenOrders(context, requestClass);
  if (resting.kind === 'unknown') return resting;
  const untilMs = Math.max(sinceMs, context.client.serverTimeMs());
  const startMs = Math.max(sinceMs, untilMs - HISTORY_WINDOW_MS);
  const times = { startTime: String(startMs), endTime: String(untilMs) };
  const parameters = { ...USDT_LINEAR, ...times, limit: '50' };
  const over = await readOrders(context, {
    path: ORDER_HISTORY_PATH,
    parameters,
    signed: true,
    requestClass,
  });
  if (over.kind === 'unknown') return over;
  return known([...resting.value, ...over.value], Math.min(resting.asOfMs, over.asOfMs), ORDER_HISTORY_PATH);
}

/**
 * Looks among open orders, among those closed lately, then in the history (which lags, while the second is lost
 * when the exchange restarts). Null only after all of them answered and none has the order.
 */
export async function findOrder(
  context: ReadContext,
  instrument: Instrument,
  clientOrderId: ClientOrderId,
): Promise<Reading<Order | null>> {
  const wanted = { category: 'linear', symbol: instrument.exchangeSymbol, orderLinkId: clientOrderId };
  const places = [
    { path: OPEN_ORDERS_PATH, parameters: { ...wanted, openOnly: '0' } },
    { path: OPEN_ORDERS_PATH, parameters: { ...wanted, openOnly: '1' } },
    { path: ORDER_HISTORY_PATH, parameters: wanted },
  ];
  let asOfMs = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const reading = await readOrders(context, { ...place, signed: true, requestClass: 'protect' });
    if (reading.kind === 'unknown') return reading;
    asOfMs = Math.min(asOfMs, reading.asOfMs);
    const [order] = reading.value;
    if (order === undefined) continue;
    if (reading.value.some((other) => other.clientOrderId !== clientOrderId)) {
      return context.client.badAnswer(`${place.path}: result.list: an order that was not asked for`);
    }
    return known(order, reading.asOfMs, place.path);
  }
  return known(null, asOfMs, ORDER_HISTORY_PATH);
}

function readOrders(context: ReadContext, call: ListCall): Promise<Reading<readonly Order[]>> {
  return readRows(context, call, (row) => orderFrom(row, (symbol) => context.registry.meaningOf(symbol)));
}
