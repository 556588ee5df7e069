import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/core/engine/engine.ts';
import { type EngineSnapshot, parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { BTC, CANDLE_MS, candlesOf, oversold, type Story, settings } from './story.ts';

const NEXT_CLOSES = [99, 98, 98.5, 97, 99, 102, 101];

function storedOf(story: Story): EngineSnapshot {
  return JSON.parse(JSON.stringify(story.engine.snapshot()));
}

function restored(snapshot: unknown): Engine {
  const parsed = parseEngineSnapshot(snapshot);
  if (parsed === null) throw new Error('The snapshot is read.');
  const engine = new Engine({ settings: settings(), settingsVersion: 0 });
  engine.restore(parsed);
  return engine;
}

/** What both engines make of the same candles after the story's own. */
function course(engine: Engine, fromMs: number): string[] {
  return candlesOf(NEXT_CLOSES, fromMs).map((candle) => {
    const timeMs = candle.openTimeMs + CANDLE_MS;
    engine.step({ kind: 'candle-closed', timeMs, instrumentId: BTC, timeframe: '6h', candle });
    return JSON.stringify(engine.explain(BTC, timeMs));
  });
}

describe('the readings of a signal after a restart', () => {
  it.each(['price-action', 'ema-pair'] as const)('are the same bits with the trend of %s', (trendMethod) => {
    const story = oversold({ signal: { trendMethod, trendEmaLongLength: 100 } });
    const copy = restored(storedOf(story));
    expect(copy.snapshot().market).toEqual(story.engine.snapshot().market);
    const original = restored(storedOf(story));
    const readings = course(original, story.nowMs);
    expect(course(copy, story.nowMs)).toEqual(readings);
    expect(readings.filter((text) => text.includes('"stochRsi":{')).length).toBeGreaterThan(2);
  });

  it('are computed from the candles where the snapshot is older than they are', () => {
    const story = oversold();
    const whole = storedOf(story);
    const older = structuredClone(whole);
    for (const { scan } of older.market?.instruments ?? []) {
      Reflect.deleteProperty(scan, 'rsiHistory');
      Reflect.deleteProperty(scan, 'volatility');
    }
    expect(restored(older).snapshot()).toEqual(restored(whole).snapshot());
    expect(course(restored(older), story.nowMs)).toEqual(course(restored(whole), story.nowMs));
  });

  it('stop on a trend of the method that the settings do not name', () => {
    const stored = storedOf(oversold());
    const other = storedOf(oversold({ signal: { trendMethod: 'ema-pair' } }));
    expect(() => restored({ ...stored, market: other.market })).toThrow('its own method');
  });
});
