import { describe, expect, test } from 'vitest';
import { ensure } from '../base/assert.ts';
import { parseInstrumentId } from '../domain/instrument.ts';
import { signalSettingsSchema } from './settings.ts';
import { readSignal } from './signal.ts';

const settings = signalSettingsSchema.parse({});
const read = {
  instrumentId: ensure(parseInstrumentId('BTCUSDT'), 'The id is well formed.'),
  timeframe: '6h',
  candleOpenTimeMs: 21_600_000,
  close: 101.5,
  trend: 'down',
} as const;

describe('readSignal', () => {
  test.each([
    { rsi: 0, kind: 'enter-long', depth: 29 },
    { rsi: 28.5, kind: 'enter-long', depth: 0.5 },
    { rsi: 29, kind: 'enter-long', depth: 0 },
    { rsi: 29.0001, kind: 'wait', depth: null },
    { rsi: 50, kind: 'wait', depth: null },
    { rsi: 70.9999, kind: 'wait', depth: null },
    { rsi: 71, kind: 'enter-short', depth: 0 },
    { rsi: 73, kind: 'enter-short', depth: 2 },
    { rsi: 100, kind: 'enter-short', depth: 29 },
  ] as const)('is $kind at RSI $rsi', ({ rsi, kind, depth }) => {
    expect(readSignal({ ...read, rsi, settings })).toEqual({ ...read, rsi, kind, depth });
  });

  test('waits without an RSI', () => {
    expect(readSignal({ ...read, rsi: null, settings })).toEqual({
      ...read,
      rsi: null,
      kind: 'wait',
      depth: null,
    });
  });

  test('waits in a market that has not moved, whatever the thresholds', () => {
    const widest = { rsiLongMax: 50, rsiShortMin: 50 };
    expect(readSignal({ ...read, rsi: 50, settings: widest }).kind).toBe('wait');
    expect(readSignal({ ...read, rsi: 49.99, settings: widest }).kind).toBe('enter-long');
    expect(readSignal({ ...read, rsi: 50.01, settings: widest }).kind).toBe('enter-short');
  });

  test.each([-0.1, 100.1, Number.NaN])('stops on an RSI of %d', (rsi) => {
    expect(() => readSignal({ ...read, rsi, settings })).toThrow('0..100');
  });
});
