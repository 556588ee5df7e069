import { describe, expect, it } from 'vitest';
import type { SignalReadingsView } from '../../../../src/api/signal-readings.ts';
import { signalFacts } from './signal-facts.ts';

const READINGS: SignalReadingsView = {
  volatility: { atr: 2, atrPct: 2.4, rate: 1.62 },
  levels: { longMax: 24, shortMin: 76 },
  divergence: {
    found: true,
    earlier: { ago: 6, price: 101.5, rsi: 21.4 },
    later: { ago: 2, price: 100.25, rsi: 24.9 },
  },
  volumeRate: 1.3,
  stochRsi: { k: 0, d: 4.2 },
  extremeCandles: 2,
  confirmations: ['divergence', 'stoch-rsi'],
};

describe('signal facts', () => {
  it('tell every reading, a StochRSI of 0 included', () => {
    expect(Object.fromEntries(signalFacts(READINGS))).toEqual({
      Volatility: '1.62 × usual',
      'Usual range of a candle': '2.40%',
      'RSI levels now': '24 / 76',
      Divergence: '101.50 at RSI 21.4, then 100.25 at RSI 24.9',
      Volume: '1.30 × the 5 candles before',
      StochRSI: 'K 0.0, D 4.2',
      'Candles at the extreme': '2',
      'Speaks for it': 'divergence, StochRSI',
    });
  });

  it('tell swings that do not diverge, and no swings at all', () => {
    const { divergence } = READINGS;
    const facts = (changes: Partial<SignalReadingsView>) =>
      Object.fromEntries(signalFacts({ ...READINGS, ...changes }));
    expect(facts({ divergence: { ...divergence, found: false } })['Divergence']).toMatch(/^None: 101/);
    expect(facts({ divergence: { found: false, earlier: null, later: null } })['Divergence']).toBe(
      'No two swings',
    );
  });

  it('never shows a figure that was not read', () => {
    const blind: SignalReadingsView = {
      ...READINGS,
      volatility: null,
      levels: null,
      volumeRate: null,
      stochRsi: null,
      confirmations: [],
    };
    const facts = Object.fromEntries(signalFacts(blind));
    for (const name of ['Volatility', 'RSI levels now', 'Volume', 'StochRSI']) expect(facts[name]).toBe('–');
    expect(facts['Speaks for it']).toBe('Nothing');
  });
});
