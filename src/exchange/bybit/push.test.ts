import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pushedCandleFrom, pushFrom } from './push.ts';

const ROW = {
  start: 1_700_000_000_000,
  end: 1_700_000_059_999,
  open: '0.5',
  high: '2',
  low: '0.25',
  close: '1.5',
  volume: '0',
  confirm: true,
  timestamp: 1_700_000_030_000,
};

describe('pushedCandleFrom', () => {
  it('reads the candle', () => {
    expect(pushedCandleFrom(ROW)).toEqual({
      openTimeMs: 1_700_000_000_000,
      closed: true,
      open: 0.5,
      high: 2,
      low: 0.25,
      close: 1.5,
      volume: 0,
    });
  });

  it.each(['start', 'open', 'high', 'low', 'close', 'volume', 'confirm'])('needs %s', (field) => {
    expect(pushedCandleFrom({ ...ROW, [field]: undefined })).toBeNull();
    expect(pushedCandleFrom({ ...ROW, [field]: null })).toBeNull();
    expect(pushedCandleFrom({ ...ROW, [field]: 'x' })).toBeNull();
  });

  it.each([1, '', ' 1', '1e5', '0x10', '+1', 'NaN', 'Infinity', '1.', '.5', '1,5', ['1']])(
    'takes no price written as %j',
    (price) => {
      expect(pushedCandleFrom({ ...ROW, close: price })).toBeNull();
    },
  );

  it.each(['1700000000000', 0, -60_000, 1.5, 2 ** 60, Number.NaN])('takes no start of %j', (start) => {
    expect(pushedCandleFrom({ ...ROW, start })).toBeNull();
  });

  it('gives finite numbers or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(ROW)), (value, field) => {
        for (const row of [value, { ...ROW, [field]: value }]) {
          const candle = pushedCandleFrom(row);
          if (candle === null) continue;
          const { closed, ...numbers } = candle;
          expect(typeof closed).toBe('boolean');
          for (const number of Object.values(numbers)) expect(Number.isFinite(number)).toBe(true);
        }
      }),
    );
  });
});

describe('pushFrom', () => {
  it('takes what has a topic', () => {
    const push = { topic: 'tickers.BTCUSDT', type: 'delta', data: { lastPrice: '1' } };
    expect(pushFrom({ ...push, ts: 1 })).toEqual(push);
    expect(pushFrom({ topic: 'order', data: [] })).toEqual({ topic: 'order', type: undefined, data: [] });
  });

  it.each([undefined, null, 7, 'topic', [], { op: 'pong' }, { topic: 1 }, { topic: 'a', type: 2 }])(
    'takes no %j',
    (json) => {
      expect(pushFrom(json)).toBeNull();
    },
  );
});
