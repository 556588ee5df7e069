import { describe, expect, it } from 'vitest';
import { intent } from '../../test/conformance/store-rows.ts';
import { instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import { regainEntries } from './lost-state.ts';

const BTC = instrument();

function held(changes: Partial<ExchangePosition> = {}): ExchangePosition {
  return {
    instrumentId: BTC.id,
    direction: 'long',
    quantity: decimal('0.001'),
    entryPrice: decimal('60100'),
    markPrice: decimal('60000'),
    leverage: 3,
    stopPrice: decimal('51000.5'),
    takeProfitPrice: null,
    liquidationPrice: null,
    unrealisedPnl: decimal(0),
    ...changes,
  };
}

function regain(
  row: ReturnType<typeof intent>,
  positions: readonly ExchangePosition[] = [],
  partlyFilled: ReadonlySet<string> = new Set(),
) {
  return regainEntries([{ ...row, over: null }], {
    positions,
    instruments: [BTC],
    partlyFilled,
    timeframe: '1h',
  });
}

describe('regainEntries', () => {
  it('takes an entry up with all that it was decided on', () => {
    const { entries, given } = regain(intent({ state: 'filled', takeProfitPrice: '90000' }), [held()]);
    expect(given).toEqual([]);
    expect(entries).toEqual([
      {
        instrument: BTC,
        clientOrderId: 'ib1',
        direction: 'long',
        quantity: decimal('0.001'),
        placedMs: 1_000,
        entry: {
          timeframe: '6h',
          rsi: 27.35,
          trend: 'up',
          leverage: 2,
          stopPrice: decimal('51000.5'),
          takeProfitPrice: decimal('90000'),
          referencePrice: decimal('60000.1'),
        },
        ladderId: null,
        over: false,
        bookedQuantity: decimal(0),
      },
    ]);
  });

  it('takes up a rung that may have filled after its position was over, without what that had of it', () => {
    const rung = intent({ state: 'accepted', ladderId: 'ib0' });
    const over = { quantity: '0.0004', fillIds: ['f1', 'f2'] };
    const stated = {
      positions: [],
      instruments: [BTC],
      partlyFilled: new Set<string>(),
      timeframe: '1h',
    } as const;
    const { entries } = regainEntries([{ ...rung, over }], stated);
    expect(entries).toMatchObject([{ over: true, bookedQuantity: decimal('0.0004') }]);
  });

  it.each(['prepared', 'accepted', 'unknown', 'filled'] as const)(
    'takes an entry that is %s up whether or not a position is there',
    (state) => {
      expect(regain(intent({ state })).entries).toHaveLength(1);
    },
  );

  it('takes a cancelled entry up only for what it filled', () => {
    const row = intent({ state: 'cancelled' });
    expect(regain(row).entries).toEqual([]);
    expect(regain(row, [held({ direction: 'short' })]).entries).toEqual([]);
    expect(regain(row, [held({ quantity: decimal('0.0004') })]).entries).toHaveLength(1);
  });

  it('takes a cancelled entry up whose fills tell of a position that is over by now', () => {
    const row = intent({ state: 'cancelled' });
    expect(regain(row, [], new Set([row.clientOrderId])).entries).toHaveLength(1);
    expect(regain(row, [], new Set(['ib2'])).entries).toEqual([]);
  });

  it('gives a cancelled entry to a person where the position is more than it can have filled', () => {
    const row = intent({ state: 'cancelled' });
    expect(regain(row, [held()])).toEqual({ entries: [], given: ['ib1'] });
    expect(regain(row, [held({ quantity: decimal(2) })])).toEqual({ entries: [], given: ['ib1'] });
  });

  it('reads from the exchange and the settings what a row of an earlier version does not say', () => {
    const nothing = {
      leverage: null,
      referencePrice: null,
      timeframe: null,
      entryRsi: null,
      entryTrend: null,
    };
    const { entries } = regain(intent({ state: 'filled', ...nothing }), [held()]);
    expect(entries[0]?.entry).toMatchObject({
      timeframe: '1h',
      rsi: null,
      trend: null,
      leverage: 3,
      referencePrice: decimal('60100'),
    });
  });

  it('takes all rungs of a ladder up together; a cancelled one may have filled in part', () => {
    const rung = (clientOrderId: string, state: 'filled' | 'cancelled' | 'accepted') => ({
      ...intent({ clientOrderId, state, ladderId: 'ib1' }),
      over: null,
    });
    const rows = [rung('ib1', 'filled'), rung('ib2', 'cancelled'), rung('ib3', 'accepted')];
    const stated = { instruments: [BTC], partlyFilled: new Set<string>(), timeframe: '1h' } as const;
    const holds = (quantity: string) => [held({ quantity: decimal(quantity) })];
    const { entries, given } = regainEntries(rows, { ...stated, positions: holds('0.0015') });
    expect(entries.map(({ clientOrderId, ladderId }) => [clientOrderId, ladderId])).toEqual([
      ['ib1', 'ib1'],
      ['ib2', 'ib1'],
      ['ib3', 'ib1'],
    ]);
    expect(given).toEqual([]);
    const more = regainEntries(rows, { ...stated, positions: holds('0.003') });
    expect(more.given, 'with more there than all rungs but a part, a person has bought, too').toEqual([
      'ib2',
    ]);
  });

  it.each([
    ['whose instrument the exchange does not name', intent({ instrumentId: 'ETHUSDT' })],
    ['without a stop', intent({ stopPrice: null })],
    ['with a quantity that is none', intent({ quantity: 'x' })],
    ['with a direction that is none', intent({ direction: 'up' })],
  ])('gives an entry %s to a person', (_, row) => {
    expect(regain(row)).toEqual({ entries: [], given: ['ib1'] });
  });
});
