import type { AccountOrderV5, OrderParamsV5, RestClientV5 } from 'bybit-api';
import { expect } from 'vitest';
import { category, symbol } from './stage.ts';

/** A buy order that rests 1,000 below the market of 60,000. */
export const limit = {
  category,
  symbol,
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.01',
  price: '59000',
} as const;

/** A buy order at market: 0.01 at the ask of 60,000.1. */
export const market = { category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01' } as const;

/** Places an order that has to be accepted; gives its id. */
export async function place(rest: RestClientV5, order: OrderParamsV5): Promise<string> {
  const placed = await rest.submitOrder(order);
  expect(placed, JSON.stringify(order)).toMatchObject({ retCode: 0, retMsg: 'OK' });
  return placed.result.orderId;
}

/** The code an order is answered with. */
export async function codeOf(rest: RestClientV5, order: OrderParamsV5): Promise<number> {
  return (await rest.submitOrder(order)).retCode;
}

export async function openOrders(rest: RestClientV5): Promise<readonly AccountOrderV5[]> {
  return (await rest.getActiveOrders({ category, symbol, limit: 50 })).result.list;
}

/** The order as the history has it; undefined while it is open. */
export async function closedOrder(rest: RestClientV5, orderId: string): Promise<AccountOrderV5 | undefined> {
  return (await rest.getHistoricOrders({ category, symbol, orderId })).result.list[0];
}

/** Size of the position of one-way mode, as text. */
export async function sizeOf(rest: RestClientV5): Promise<string | undefined> {
  return (await rest.getPositionInfo({ category, symbol })).result.list[0]?.size;
}
