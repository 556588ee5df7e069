import { describe, expect, it } from 'vitest';
import { aroundSignal } from '../../../test/scenario/signal-makers.ts';
import { adaptiveLevel } from './adaptive-level.ts';

const STRICT = { levels: { longMax: 24, shortMin: 76 } };

describe('adaptive level', () => {
  it.each([
    ['enter-long', 24.1, 'filter.adaptive-level.not-deep', -0.1],
    ['enter-long', 24, 'filter.adaptive-level.pass', 0],
    ['enter-long', 20, 'filter.adaptive-level.pass', 4],
    ['enter-short', 75.9, 'filter.adaptive-level.not-deep', -0.1],
    ['enter-short', 76, 'filter.adaptive-level.pass', 0],
    ['enter-short', 80, 'filter.adaptive-level.pass', 4],
  ] as const)('judges %s at RSI %d by the stricter levels as %s', (kind, rsi, code, margin) => {
    const verdict = adaptiveLevel(aroundSignal({ signal: { kind, rsi }, readings: STRICT }));
    expect(verdict).toMatchObject({ code, value: rsi, threshold: kind === 'enter-long' ? 24 : 76 });
    expect(verdict.margin).toBeCloseTo(margin, 9);
  });

  it('vetoes without a level to judge by', () => {
    const unmoved = aroundSignal({ readings: { volatility: null, levels: null } });
    expect(adaptiveLevel(unmoved).code).toBe('filter.adaptive-level.unknown');
    expect(adaptiveLevel({ ...unmoved, signalReadings: null }).code).toBe('filter.adaptive-level.unknown');
    expect(adaptiveLevel(aroundSignal({ signal: { rsi: null } })).code).toBe('filter.adaptive-level.unknown');
  });

  it('vetoes an RSI that is no number', () => {
    expect(adaptiveLevel(aroundSignal({ signal: { rsi: Number.NaN } })).kind).toBe('veto');
  });

  it('lets everything by while it is off, and has nothing against waiting', () => {
    const off = aroundSignal({ settings: { adaptiveEnabled: false } });
    expect(adaptiveLevel({ ...off, signalReadings: null }).code).toBe('filter.adaptive-level.off');
    const waiting = aroundSignal({ signal: { kind: 'wait', rsi: 50 } });
    expect(adaptiveLevel({ ...waiting, signalReadings: null }).code).toBe('filter.adaptive-level.pass');
  });
});
