import { describe, expect, it } from 'vitest';
import { bench, envelope, knownValue, orderRow } from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import { orderId } from '../../../test/fixture/approved-order.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { decimalText } from '../../core/base/decimal.ts';
import type { HttpRequest } from '../transport.ts';

const REALTIME = '/v5/order/realtime';
const HISTORY = '/v5/order/history';
const BTC = instrument();

function page(list: readonly unknown[], nextPageCursor = '') {
  return answered(envelope({ category: 'linear', list, nextPageCursor }));
}

describe('orders', () => {
  it.each([
    ['New', 'open'],
    ['PartiallyFilled', 'partly-filled'],
    ['Untriggered', 'untriggered'],
    ['Filled', 'filled'],
    ['Cancelled', 'cancelled'],
    ['Deactivated', 'cancelled'],
    ['Rejected', 'rejected'],
  ])('with status %s are %s', async (orderStatus, status) => {
    const { exchange, run } = bench({ [REALTIME]: () => page([orderRow({ orderStatus })]) });
    expect(knownValue(await run(exchange.readOpenOrders('reconcile')))[0]?.status).toBe(status);
  });

  it('with a status we do not know make the read unknown', async () => {
    const { exchange, run } = bench({ [REALTIME]: () => page([orderRow({ orderStatus: 'Pending' })]) });
    expect(await run(exchange.readOpenOrders('reconcile'))).toMatchObject({
      kind: 'unknown',
      detail: '/v5/order/realtime: result.list.0.orderStatus: Pending is not known',
    });
  });

  it('tell their trigger, their reason and that they are not ours', async () => {
    const row = orderRow({
      orderLinkId: '',
      orderStatus: 'Cancelled',
      cancelType: 'CancelByTpSlTsClear',
      triggerPrice: '48000.00',
      avgPrice: null,
      reduceOnly: true,
    });
    const { exchange, run } = bench({ [REALTIME]: () => page([row]) });
    const [order] = knownValue(await run(exchange.readOpenOrders('reconcile')));
    expect(order).toMatchObject({
      clientOrderId: null,
      reason: 'CancelByTpSlTsClear',
      averagePrice: null,
      price: null,
      reduceOnly: true,
    });
    expect(order?.stopPrice === null ? null : decimalText(order?.stopPrice ?? expect.fail())).toBe('48000');
  });
});

describe('looking an order up', () => {
  const asked = (request: HttpRequest) => new URLSearchParams(request.query).get('openOnly');

  it('says there is none only after open, closed and history answered', async () => {
    const { transport, exchange, run } = bench({ [REALTIME]: () => page([]), [HISTORY]: () => page([]) });
    expect(knownValue(await run(exchange.findOrder(BTC, orderId('ib1'))))).toBeNull();
    expect(transport.of(REALTIME).map(asked)).toEqual(['0', '1']);
    expect(transport.of(HISTORY)).toHaveLength(1);
  });

  it.each([
    ['open orders', { [REALTIME]: () => answered('<html>'), [HISTORY]: () => page([]) }],
    ['history', { [REALTIME]: () => page([]), [HISTORY]: () => answered('', 502) }],
  ])('is unknown when %s did not answer', async (_name, routes) => {
    const { exchange, run } = bench(routes);
    expect(await run(exchange.findOrder(BTC, orderId('ib1')))).toMatchObject({ kind: 'unknown' });
  });

  it('finds it in the history', async () => {
    const { exchange, run } = bench({ [REALTIME]: () => page([]), [HISTORY]: () => page([orderRow()]) });
    expect(knownValue(await run(exchange.findOrder(BTC, orderId('ib1'))))?.status).toBe('filled');
  });

  it('does not take another order for it', async () => {
    const { exchange, run } = bench({ [REALTIME]: () => page([orderRow({ orderLinkId: 'other' })]) });
    expect(await run(exchange.findOrder(BTC, orderId('ib1')))).toMatchObject({
      kind: 'unknown',
      reason: 'bad-answer',
    });
  });
});
