import { describe, expect, test } from 'vitest';
import { signal } from '../../../test/scenario/entry-makers.ts';
import { pass, veto } from '../filter/verdict-maker.ts';
import { refuse } from '../risk/refuse.ts';
import type { DecisionRecord } from './decision.ts';
import { explainedBy, explainedText, isSame, parseExplained, UNEXPLAINED } from './explained.ts';

const OPEN_MS = 1_700_000_000_000;
const QUIET = signal({ candleOpenTimeMs: OPEN_MS });
const THIN = veto('liquidity', 'filter.liquidity.thin', { value: 1 });
const WIDE = veto('spread', 'filter.spread.wide', { value: 2 });
const FINE = pass('liquidity', 'filter.liquidity.pass', { value: 3 });

function record(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    instrumentId: QUIET.instrumentId,
    timeframe: QUIET.timeframe,
    timeMs: OPEN_MS + 7,
    signal: QUIET,
    dataAgeMs: 7,
    verdicts: [THIN, FINE],
    signalReadings: null,
    outcome: 'vetoed',
    forced: false,
    rank: null,
    slotsFree: null,
    refusal: null,
    clientOrderId: null,
    ...changes,
  };
}

describe('what was explained', () => {
  test('is the same while candle, outcome, refusal, order and vetoes are', () => {
    const first = explainedBy(record());
    const later = record({ timeMs: OPEN_MS + 9, rank: 2, verdicts: [{ ...THIN, value: 9 }] });
    expect(isSame(first, explainedBy(later))).toBe(true);
  });

  test.each([
    ['the candle', { signal: { ...QUIET, candleOpenTimeMs: OPEN_MS + 1 } }],
    ['the outcome', { outcome: 'refused' }],
    ['the refusal', { refusal: refuse('engine.entry.no-lease', 'No lease.') }],
    ['a veto that went', { verdicts: [FINE] }],
    ['a veto that came', { verdicts: [THIN, WIDE] }],
    ['a veto that is another', { verdicts: [WIDE] }],
  ] as const)('differs by %s', (_, changes) => {
    expect(isSame(explainedBy(record()), explainedBy(record(changes)))).toBe(false);
  });

  test('comes back from its text', () => {
    const explained = explainedBy(record({ verdicts: [THIN, WIDE] }));
    const text = explainedText(explained);
    expect(text).toBe(`${OPEN_MS} vetoed   filter.liquidity.thin filter.spread.wide`);
    expect(isSame(parseExplained(text), explained)).toBe(true);
  });

  test('is nothing before the first', () => {
    expect(explainedText(UNEXPLAINED)).toBe('');
    expect(parseExplained('')).toBe(UNEXPLAINED);
    expect(isSame(UNEXPLAINED, UNEXPLAINED)).toBe(false);
  });
});
