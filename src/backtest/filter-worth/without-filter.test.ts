import { describe, expect, it } from 'vitest';
import { fallThen, marketOf, openSettings, pastOf } from '../../../test/fixture/past-candles.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { tradingSettingsSchema } from '../../core/engine/settings.ts';
import { ENTRY_FILTERS } from '../../core/filter/entry-filters.ts';
import type { BacktestRequest } from '../backtest-request.ts';
import { backtestOptionsSchema } from '../options.ts';
import { FILTER_OFF, withoutFilter } from './without-filter.ts';

const BTC = 'BTCUSDT' as InstrumentId;

function request(changes: Partial<BacktestRequest> = {}): BacktestRequest {
  return {
    market: marketOf(pastOf('BTCUSDT', fallThen())),
    settings: openSettings(),
    instruments: new Map(),
    options: backtestOptionsSchema.parse({}),
    fromMs: null,
    toMs: null,
    engineVersion: 'test',
    ...changes,
  };
}

describe('withoutFilter', () => {
  it('knows every filter of the chain and no other', () => {
    expect(Object.keys(FILTER_OFF).sort()).toEqual(ENTRY_FILTERS.map(({ name }) => name).sort());
  });

  it('switches one filter off and leaves all else as it is', () => {
    const settings = tradingSettingsSchema.parse({});
    const without = withoutFilter(request({ settings }), 'rsi-time');
    expect(settings.filter.rsiTimeEnabled).toBe(true);
    expect(without?.settings).toEqual({
      ...settings,
      filter: { ...settings.filter, rsiTimeEnabled: false },
    });
  });

  it('is off for instruments that set it for themselves, too', () => {
    const own = { filter: { rsiTimeEnabled: true, rsiTimeCandles: 9 }, exit: { stopLossPct: 3 } };
    const only = { filter: { rsiTimeEnabled: true } };
    const instruments = new Map([
      [BTC, own],
      ['ETHUSDT' as InstrumentId, only],
    ]);
    const without = withoutFilter(request({ instruments }), 'rsi-time');
    expect(without?.instruments.get(BTC)).toEqual({
      filter: { rsiTimeCandles: 9 },
      exit: { stopLossPct: 3 },
    });
    expect(without?.instruments.get('ETHUSDT' as InstrumentId)).toEqual({});
  });

  it('is null for what cannot be switched off', () => {
    expect(withoutFilter(request(), 'data')).toBeNull();
  });
});
