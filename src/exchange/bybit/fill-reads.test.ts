import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  executionRow,
  knownValue,
  START_MS,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import { orderId } from '../../../test/fixture/approved-order.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';

const EXECUTIONS = '/v5/execution/list';
const BTC = instrument();

function page(list: readonly unknown[], nextPageCursor = '') {
  return answered(envelope({ category: 'linear', list, nextPageCursor }));
}

describe('fills', () => {
  const DAY_MS = 86_400_000;

  async function fills(...list: readonly unknown[]) {
    const { exchange, run } = bench({ [EXECUTIONS]: () => page(list) });
    return run(exchange.readFills(START_MS - DAY_MS, START_MS));
  }

  it.each([
    [{ createType: 'CreateByUser' }, 'user'],
    [{ createType: 'CreateByClosing', orderLinkId: '' }, 'user'],
    [{ createType: 'CreateByStopLoss', stopOrderType: 'StopLoss', orderLinkId: '' }, 'stop-loss'],
    [{ createType: undefined, stopOrderType: 'TrailingStop', orderLinkId: '' }, 'stop-loss'],
    [{ createType: 'CreateByTakeProfit', stopOrderType: 'TakeProfit' }, 'take-profit'],
    [{ createType: 'CreateByLiq' }, 'liquidation'],
    [{ execType: 'BustTrade', createType: 'CreateByTakeOver_PassThrough' }, 'liquidation'],
    [{ execType: 'AdlTrade', createType: 'CreateByAdl_PassThrough' }, 'deleveraging'],
    [{ createType: 'CreateByPartialStopLoss', stopOrderType: 'UNKNOWN', orderLinkId: '' }, 'stop-loss'],
    [{ execType: 'Delivery', createType: '', orderId: '', orderLinkId: '' }, 'delivery'],
    [{ createType: 'CreateBySettle', orderLinkId: '' }, 'delivery'],
    [{ createType: 'CloseByMartingaleBot', orderLinkId: '' }, 'user'],
    [{ createType: 'CreateByAdminClosing', orderLinkId: '' }, 'other'],
    [{ createType: undefined }, 'user'],
    [{ createType: undefined, orderLinkId: '' }, 'other'],
    [{ createType: 'CreateBySomethingElse' }, 'other'],
  ])('of %o have cause %s', async (change, cause) => {
    expect(knownValue(await fills(executionRow(change)))[0]?.cause).toBe(cause);
  });

  it('leave funding and settlement out, and refuse an execution type nobody knows', async () => {
    const rows = ['Funding', 'SessionSettlePnL', 'Settle'].map((execType) =>
      executionRow({ execType, execId: execType }),
    );
    expect(knownValue(await fills(...rows))).toEqual([]);
    expect(await fills(executionRow({ execType: 'Gift' }))).toMatchObject({ kind: 'unknown' });
  });

  it.each(['Delivery', 'BlockTrade', 'MovePosition', 'FutureSpread'])(
    'count what leaves or enters a position past the book: %s; without a price it says nothing',
    async (execType) => {
      const row = executionRow({ execType, orderId: '' });
      expect(knownValue(await fills(row))).toMatchObject([{ exchangeOrderId: '' }]);
      expect(knownValue(await fills({ ...row, execPrice: '' }))).toEqual([]);
    },
  );

  it('of more than two years are not asked for', async () => {
    const { transport, exchange, run } = bench({});
    expect(await run(exchange.readFills(0, START_MS))).toMatchObject({ kind: 'unknown', reason: 'not-sent' });
    expect(transport.requests).toHaveLength(0);
  });

  it('are read week by week, unique, ascending, inside the range', async () => {
    const sinceMs = START_MS - 16 * DAY_MS;
    const { transport, exchange, run } = bench({
      [EXECUTIONS]: (request) => {
        const end = Number(new URLSearchParams(request.query).get('endTime'));
        const rows = [
          executionRow({ execId: `late ${end}`, execTime: String(end) }),
          executionRow({ execId: `early ${end}`, execTime: String(end - 1000) }),
          executionRow({ execId: 'same', execTime: String(START_MS - 1) }),
          executionRow({ execId: 'before', execTime: String(sinceMs - 1) }),
        ];
        return page(rows);
      },
    });
    const times = knownValue(await run(exchange.readFills(sinceMs, START_MS))).map(({ timeMs }) => timeMs);
    expect(times).toHaveLength(7);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const windows = transport.of(EXECUTIONS).map(({ query }) => new URLSearchParams(query));
    const edges = windows.map((one) => [Number(one.get('startTime')), Number(one.get('endTime'))] as const);
    expect(edges).toHaveLength(3);
    expect(edges[0]?.[0]).toBe(sinceMs);
    expect(edges.at(-1)?.[1]).toBe(START_MS);
    for (const [at, [start, end]] of edges.entries()) {
      expect(end - start).toBeLessThan(7 * DAY_MS);
      if (at > 0) expect(start).toBe((edges[at - 1]?.[1] ?? 0) + 1);
    }
  });

  it('of one order are asked for by its id, and an answer about another order says nothing', async () => {
    const { transport, exchange, run } = bench({ [EXECUTIONS]: () => page([executionRow({})]) });
    const reading = await run(exchange.readOrderFills(BTC, orderId('ib1')));
    expect(knownValue(reading)).toMatchObject([{ clientOrderId: 'ib1' }]);
    expect(transport.of(EXECUTIONS)[0]?.query).toContain('orderLinkId=ib1');
    expect(await run(exchange.readOrderFills(BTC, orderId('ib2')))).toMatchObject({ kind: 'unknown' });
  });
});
