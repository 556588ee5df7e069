import { describe, expect, it } from 'vitest';
import { bench, envelope, knownValue, orderRow } from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';

const STOP = {
  orderStatus: 'Untriggered',
  side: 'Sell',
  triggerPrice: '48000.00',
  triggerBy: 'MarkPrice',
  triggerDirection: 2,
  stopOrderType: 'StopLoss',
  reduceOnly: true,
  closeOnTrigger: true,
};

function read(changes: Readonly<Record<string, unknown>> = {}) {
  const row = orderRow({ ...STOP, ...changes });
  const { exchange, run } = bench({
    '/v5/order/realtime': () => answered(envelope({ category: 'linear', list: [row], nextPageCursor: '' })),
  });
  return run(exchange.readStops('reconcile'));
}

describe('stops that rest', () => {
  it.each([
    [{}, 'long', 'mark'],
    [{ side: 'Buy', triggerDirection: 1, triggerBy: 'LastPrice' }, 'short', 'last'],
    [{ stopOrderType: 'TrailingStop', triggerBy: 'IndexPrice' }, 'long', 'index'],
    [{ stopOrderType: 'PartialStopLoss' }, 'long', 'mark'],
    [{ stopOrderType: 'Stop' }, 'long', 'mark'],
    [{ stopOrderType: 'Stop', side: 'Buy', triggerDirection: 1 }, 'short', 'mark'],
  ])('with %j end a %s by its %s price', async (changes, direction, trigger) => {
    const [stop] = knownValue(await read(changes));
    expect(stop).toMatchObject({ direction, trigger });
    expect(String(stop?.stopPrice)).toBe('48000');
  });

  it.each([
    ['a take-profit', { stopOrderType: 'TakeProfit', triggerDirection: 1 }],
    ['a conditional order on the side of profit', { stopOrderType: 'Stop', triggerDirection: 1 }],
    ['an order that adds', { stopOrderType: 'Stop', reduceOnly: false, closeOnTrigger: false }],
    ['one that was taken off', { orderStatus: 'Deactivated' }],
  ])('are not %s', async (_name, changes) => {
    expect(knownValue(await read(changes))).toEqual([]);
  });

  it('are unknown where one goes by a price we do not know, or does not tell it', async () => {
    expect((await read({ triggerBy: 'FairPrice' })).kind).toBe('unknown');
    expect((await read({ triggerBy: undefined })).kind).toBe('unknown');
  });
});
