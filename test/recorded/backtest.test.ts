import { describe, expect, it } from 'vitest';
import { timeframeMs } from '../../src/core/domain/timeframe.ts';
import type { Decision, DecisionRecord } from '../../src/core/engine/decision.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { RECORDED, recordedMarket, settingsOf, walkRecorded } from './recorded-walk.ts';

const DATA_FOLDER = process.env['INFOBOT_TEST_DATA'] ?? '../shared';

describe.each(RECORDED)('$name', ({ folder, instrumentsMin }) => {
  it('give the same bytes twice, no number that is none, and no decision on an open or stale candle', async () => {
    const market = await recordedMarket(DATA_FOLDER, folder);
    expect(market.instruments.length).toBeGreaterThanOrEqual(instrumentsMin);
    const settings = settingsOf(market, 'shipped');
    const breaches: string[] = [];
    const first = walkRecorded(market, settings, (event, decisions) => {
      for (const decision of decisions) breaches.push(...breachesOf(event, decision));
    });
    expect(breaches).toEqual([]);
    expect(brokenNumbers(first, 'result')).toEqual([]);
    expect(first.trades.length).toBeGreaterThan(100);
    expect(new Set(first.exits.map(({ reason }) => reason))).toContain('rsi-exit');
    const screened = walkRecorded(market, settings);
    expect(screened.screening.used).toBe(true);
    expect(JSON.stringify(walkRecorded(market, settings)) === JSON.stringify(screened)).toBe(true);
    const plain = { ...first, screening: screened.screening };
    expect(JSON.stringify(plain) === JSON.stringify(screened)).toBe(true);
  });

  it('are vetoed more and traded less with every filter on', async () => {
    const market = await recordedMarket(DATA_FOLDER, folder);
    const shipped = walkRecorded(market, settingsOf(market, 'shipped'));
    const strict = walkRecorded(market, settingsOf(market, 'strict'));
    expect(strict.trades.length).toBeLessThan(shipped.trades.length);
    expect(strict.vetoes.length).toBeGreaterThan(shipped.vetoes.length);
  });
});

function breachesOf(event: EngineEvent, decision: Decision): readonly string[] {
  const broken = brokenNumbers(decision, decision.kind);
  if (decision.kind !== 'explain') return broken;
  return [...broken, ...timeBreaches(event, decision.record)];
}

/**
 * A look is at a candle that has closed, and no longer ago than one candle's length. An instrument that has left the
 * exchange is looked at once more, and vetoed.
 */
function timeBreaches(event: EngineEvent, record: DecisionRecord): readonly string[] {
  const { instrumentId, timeframe, timeMs, signal, dataAgeMs, outcome } = record;
  const closeMs = signal.candleOpenTimeMs + timeframeMs(timeframe);
  const ageMs = timeMs - closeMs;
  const fresh = ageMs >= 0 && (ageMs <= timeframeMs(timeframe) || outcome === 'vetoed');
  const sound = timeMs === event.timeMs && dataAgeMs === ageMs && fresh;
  return sound ? [] : [`${instrumentId} at ${timeMs}, ${outcome}: a candle that closed at ${closeMs}`];
}

/** Where an object holds a number that is none: JSON would make null of it and hide it. */
function brokenNumbers(value: unknown, path: string): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (typeof value !== 'object' || value === null || 'toFixed' in value) return [];
  return Object.entries(value).flatMap(([key, inner]) => brokenNumbers(inner, `${path}.${key}`));
}
