import { describe, expect, it } from 'vitest';
import { aroundSignal } from '../../../test/scenario/signal-makers.ts';
import { signalConfirmation } from './signal-confirmation.ts';

const DIVERGENCE = {
  found: true,
  earlier: { ago: 6, price: 100, rsi: 20 },
  later: { ago: 2, price: 99, rsi: 24 },
};

describe('signal confirmation', () => {
  it.each([
    [3, [], 'filter.signal-confirmation.pass', 0, 0],
    [3, ['volume'], 'filter.signal-confirmation.pass', 0, 1],
    [4, [], 'filter.signal-confirmation.long-extreme', 1, -1],
    [4, ['volume'], 'filter.signal-confirmation.pass', 1, 0],
    [4, ['divergence', 'volume', 'stoch-rsi'], 'filter.signal-confirmation.pass', 1, 2],
    [40, ['stoch-rsi'], 'filter.signal-confirmation.pass', 1, 0],
  ] as const)(
    'judges %d candles at the extreme with %j as %s',
    (extremeCandles, confirmations, code, ...[threshold, margin]) => {
      const around = aroundSignal({ readings: { extremeCandles, confirmations } });
      expect(signalConfirmation(around)).toMatchObject({
        code,
        value: confirmations.length,
        threshold,
        margin,
        unit: 'confirmations',
      });
    },
  );

  it('wants a divergence where one is required, whatever else speaks', () => {
    const settings = { confirmDivergenceRequired: true };
    const without = aroundSignal({ settings, readings: { confirmations: ['volume', 'stoch-rsi'] } });
    expect(signalConfirmation(without)).toMatchObject({
      code: 'filter.signal-confirmation.no-divergence',
      value: 'none',
      threshold: 'divergence',
    });
    const found = aroundSignal({ settings, readings: { divergence: DIVERGENCE, extremeCandles: 9 } });
    expect(signalConfirmation(found).code).toBe('filter.signal-confirmation.pass');
  });

  it('vetoes without readings', () => {
    const blind = { ...aroundSignal(), signalReadings: null };
    expect(signalConfirmation(blind).code).toBe('filter.signal-confirmation.unknown');
  });

  it('lets everything by while it is off, and has nothing against waiting', () => {
    const off = { ...aroundSignal({ settings: { confirmEnabled: false } }), signalReadings: null };
    expect(signalConfirmation(off).code).toBe('filter.signal-confirmation.off');
    const waiting = { ...aroundSignal({ signal: { kind: 'wait' } }), signalReadings: null };
    expect(signalConfirmation(waiting).code).toBe('filter.signal-confirmation.pass');
  });
});
