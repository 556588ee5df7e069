import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { account, passed, terms } from '../../../test/scenario/entry-makers.ts';
import { BTC, instrument } from '../../../test/scenario/story.ts';
import { decimal, decimalText } from '../base/decimal.ts';
import type { ApprovedOrder, EntryRequest, OrderRequest } from '../domain/order.ts';
import type { PassedEntry } from '../domain/verdict.ts';
import { approveEntry, approveExit, type EntryTerms } from './approve.ts';
import { riskSettingsSchema } from './settings.ts';
import { isTighter, stopPriceFrom, takeProfitPriceFrom } from './stop-price.ts';

const coin = instrument(BTC);

describe('levels', () => {
  it.each([
    ['long', '100.3', 15, '85.3'],
    ['short', '100.3', 15, '115.3'],
    ['long', '0.31', 15, '0.3'],
  ] as const)('rounds the stop of a %s from %s toward protection', (direction, price, pct, stop) => {
    // 100.3 x 0.85 = 85.255 and x 1.15 = 115.345; a long's stop is rounded up, a short's down.
    expect(decimalText(stopPriceFrom({ price: decimal(price), direction, pct, instrument: coin }))).toBe(
      stop,
    );
  });

  it('gives each stop its own answer, asked for from one price', () => {
    const price = decimal('100.3');
    const stopOf = (pct: number, direction: 'long' | 'short', of = coin): string =>
      decimalText(stopPriceFrom({ price, direction, pct, instrument: of }));
    expect(stopOf(15, 'long')).toBe('85.3');
    expect(stopOf(15, 'short')).toBe('115.3');
    expect(stopOf(15, 'long')).toBe('85.3');
    expect(stopOf(10, 'long')).toBe('90.3');
    expect(stopOf(10, 'long', { ...coin, tickSize: decimal('0.01') })).toBe('90.27');
  });

  it('rounds a take-profit toward the entry and has none where the price would be nothing', () => {
    const level = { price: decimal('100.3'), instrument: coin };
    expect(decimalText(takeProfitPriceFrom({ ...level, direction: 'long', pct: 50 })!)).toBe('150.4');
    expect(decimalText(takeProfitPriceFrom({ ...level, direction: 'short', pct: 50 })!)).toBe('50.2');
    expect(takeProfitPriceFrom({ ...level, direction: 'short', pct: 100 })).toBeNull();
  });

  it('never risks more than the percentage', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 1_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('long' as const, 'short' as const),
        (ticks, pct, direction) => {
          const price = decimal(ticks).dividedBy(10);
          const stop = stopPriceFrom({ price, direction, pct, instrument: coin });
          const lossPct = stop.minus(price).abs().dividedBy(price).times(100);
          expect(lossPct.lessThanOrEqualTo(pct)).toBe(true);
          expect(isTighter(price, stop, direction) || stop.equals(price)).toBe(true);
        },
      ),
    );
  });
});

describe('approval of entries', () => {
  it('approves with size, stop and take-profit', () => {
    const order = approveEntry(passed(), terms());
    expect(order.ok && JSON.parse(JSON.stringify(order.value))).toEqual({
      kind: 'entry',
      clientOrderId: 'made1',
      limit: null,
      ladderId: null,
      instrumentId: 'BTCUSDT',
      side: 'buy',
      direction: 'long',
      quantity: '0.1',
      purpose: 'entry',
      leverage: 1,
      marginMode: 'cross',
      stopPrice: '85',
      takeProfitPrice: '150',
      referencePrice: '100',
      timeframe: '6h',
      rsi: 20,
      trend: 'down',
    });
  });

  const settings = (changes: Record<string, number>) => riskSettingsSchema.parse(changes);
  it.each<[string, Partial<EntryTerms>, string]>([
    ['an account never read', { account: null }, 'risk.limit.equity-unknown'],
    [
      'an equity that is no number',
      { account: account({ equity: decimal(Number.NaN) }) },
      'risk.limit.equity-unknown',
    ],
    ['an account without equity', { account: account({ equity: decimal(0) }) }, 'risk.limit.equity-gone'],
    ['an account read 60,001 ms ago', { timeMs: 1_060_001 }, 'risk.limit.account-stale'],
    [
      'an entry after the loss of a day',
      { account: account({ equity: decimal(970) }) },
      'risk.limit.daily-loss',
    ],
    ['an entry without the margin', { account: account({ available: decimal(10) }) }, 'risk.limit.margin'],
    ['the sixth position', { positionsOpen: 5 }, 'risk.limit.positions-max'],
    ['exposure above equity', { exposure: decimal('990.01') }, 'risk.limit.exposure'],
    [
      'leverage beyond the instrument',
      { instrument: instrument(BTC, { leverageMax: 2 }), settings: settings({ leverage: 3 }) },
      'risk.limit.leverage',
    ],
    ['a stop beyond liquidation', { settings: settings({ leverage: 6 }) }, 'risk.stop.beyond-liquidation'],
    [
      'a tick so coarse that the stop meets the price',
      { instrument: instrument(BTC, { tickSize: decimal(100) }) },
      'risk.stop.not-protective',
    ],
  ])('refuses %s', (_, changes, code) => {
    const order = approveEntry(passed(), terms(changes));
    expect(order.ok ? 'approved' : order.error.code).toBe(code);
    expect(order.ok || order.error.detail.endsWith('.'), 'the detail is a sentence').toBe(true);
  });

  it.each<[string, Partial<EntryTerms>]>([
    ['an account read 60,000 ms ago', { timeMs: 1_060_000 }],
    ['the fifth position', { positionsOpen: 4 }],
    ['exposure that just reaches equity', { exposure: decimal(990) }],
    ['a stop within four fifths of the way to liquidation', { settings: settings({ leverage: 5 }) }],
  ])('approves %s', (_, changes) => {
    expect(approveEntry(passed(), terms(changes)).ok).toBe(true);
  });

  it('stops when the terms are those of another instrument', () => {
    const other = terms({ instrument: { ...coin, id: 'ETHUSDT' as typeof coin.id } });
    expect(() => approveEntry(passed(), other)).toThrow('its own instrument');
  });
});

describe('approval of exits', () => {
  const exit = {
    clientOrderId: terms().clientOrderId,
    instrumentId: BTC,
    direction: 'short',
    quantity: decimal('0.3'),
    quantityMax: null,
    purpose: 'stop-loss',
  } as const;

  it('approves without an account, a limit or a setting, and can only reduce', () => {
    expect(approveExit(exit)).toMatchObject({
      kind: 'exit',
      side: 'buy',
      reduceOnly: true,
      purpose: 'stop-loss',
    });
  });

  it('cuts to the largest market order', () => {
    expect(decimalText(approveExit({ ...exit, quantityMax: decimal('0.2') }).quantity)).toBe('0.2');
  });

  it('stops on nothing to close', () => {
    expect(() => approveExit({ ...exit, quantity: decimal(0) })).toThrow('something to close');
  });
});

describe('types', () => {
  it('makes a wish no order and a signal no proof', () => {
    expectTypeOf<OrderRequest>().not.toExtend<ApprovedOrder>();
    expectTypeOf<ApprovedOrder>().toExtend<OrderRequest>();
    const wish: EntryRequest = approveEntryWish();
    // @ts-expect-error An order nobody approved cannot be sent.
    const order: ApprovedOrder = wish;
    // @ts-expect-error An entry no filter has seen cannot be approved.
    const proof: PassedEntry = {
      instrumentId: BTC,
      direction: 'long',
      signal: passed().signal,
      verdicts: [],
    };
    expect([order, proof]).toHaveLength(2);
  });
});

function approveEntryWish(): EntryRequest {
  return {
    kind: 'entry',
    purpose: 'entry',
    instrumentId: BTC,
    side: 'buy',
    direction: 'long',
    quantity: decimal(1),
    leverage: 1,
    stopPrice: decimal(85),
    takeProfitPrice: null,
    limit: null,
    ladderId: null,
    referencePrice: decimal(100),
    marginMode: 'cross',
    timeframe: '6h',
    rsi: null,
    trend: null,
  };
}
