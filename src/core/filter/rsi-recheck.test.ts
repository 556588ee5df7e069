import { describe, expect, it } from 'vitest';
import { context, filterSettings, signal } from '../../../test/scenario/entry-makers.ts';
import { entryMarket } from '../../../test/scenario/market-makers.ts';
import { Rsi } from '../indicator/rsi.ts';
import { rsiRecheck } from './rsi-recheck.ts';

const at = (rsi: number | null, kind: 'enter-long' | 'enter-short' = 'enter-long', changes = {}) =>
  rsiRecheck(
    context({
      signal: signal({ kind }),
      market: entryMarket({}, { rsi: { peek: () => rsi } }),
      settings: filterSettings(changes),
    }),
  );

describe('the RSI of the moment of entry', () => {
  it.each([
    [32, 'enter-long', 'filter.rsi-recheck.pass', 0],
    [32.5, 'enter-long', 'filter.rsi-recheck.gone', -0.5],
    [10, 'enter-long', 'filter.rsi-recheck.pass', 22],
    [68, 'enter-short', 'filter.rsi-recheck.pass', 0],
    [67.5, 'enter-short', 'filter.rsi-recheck.gone', -0.5],
  ] as const)('judges %d for %s', (rsi, kind, code, margin) => {
    expect(at(rsi, kind)).toMatchObject({ code, value: rsi, margin, unit: 'RSI' });
  });

  it('takes the slack of the settings', () => {
    expect(at(29, 'enter-long', { rsiRecheckSlack: 0 }).kind).toBe('pass');
    expect(at(29.1, 'enter-long', { rsiRecheckSlack: 0 }).kind).toBe('veto');
  });

  it('asks what the open candle would close with at the newest price', () => {
    const rsi = new Rsi(14);
    for (let close = 120; close >= 100; close -= 1) rsi.update(close);
    expect(rsi.value).toBe(0);
    // 13 parts of falls by 1 and one rise by 10: gains 10, losses 13, RSI 100 * 10 / 23.
    const risen = context({ market: entryMarket({ price: 110 }, { rsi }) });
    expect(rsiRecheck(risen).value).toBeCloseTo(1000 / 23, 9);
    expect(rsi.value).toBe(0);
  });

  it('vetoes what cannot be checked', () => {
    expect(at(null).code).toBe('filter.rsi-recheck.unknown');
    expect(rsiRecheck(context({ market: entryMarket({ price: null }) })).code).toBe(
      'filter.rsi-recheck.unknown',
    );
  });

  it('lets a switched-off filter and a signal without a direction go on', () => {
    expect(at(80, 'enter-long', { rsiRecheckEnabled: false }).code).toBe('filter.rsi-recheck.off');
    expect(rsiRecheck(context({ signal: signal({ kind: 'wait' }) })).kind).toBe('pass');
  });
});
