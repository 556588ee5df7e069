import { describe, expect, it } from 'vitest';
import { signal } from '../../../test/scenario/entry-makers.ts';
import { BTC } from '../../../test/scenario/story.ts';
import type { Verdict } from '../domain/verdict.ts';
import { blockersOf, instrumentAtClose } from './close-record.ts';
import type { DecisionRecord } from './decision.ts';
import { NO_INDICATORS } from './indicators-at-close.ts';

function verdict(kind: Verdict['kind'], code: string): Verdict {
  return { filter: '', code, kind, value: null, threshold: null, margin: null, unit: '' };
}

function record(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    instrumentId: BTC,
    timeframe: '6h',
    timeMs: 1,
    signal: signal(),
    dataAgeMs: 700,
    verdicts: [
      verdict('veto', 'filter.maturity.too-young'),
      verdict('pass', 'filter.trend.pass'),
      verdict('skipped', 'filter.chain.not-evaluated'),
      verdict('veto', 'filter.spread.unknown'),
    ],
    signalReadings: null,
    outcome: 'vetoed',
    forced: false,
    rank: null,
    slotsFree: null,
    refusal: { code: 'engine.entry.no-bot', value: null, threshold: null, detail: '' },
    clientOrderId: null,
    ...changes,
  };
}

describe('what stood against an entry', () => {
  it('is every veto in its order and then the refusal; what passed or was skipped is not', () => {
    expect(blockersOf(record())).toEqual([
      'filter.maturity.too-young',
      'filter.spread.unknown',
      'engine.entry.no-bot',
    ]);
  });

  it('leaves out a quote nobody followed, of an instrument without a signal', () => {
    const quiet = record({ signal: signal({ kind: 'wait' }), refusal: null });
    expect(blockersOf(quiet)).toEqual(['filter.maturity.too-young']);
  });

  it('leaves out what holds for one direction alone, of an instrument without a signal', () => {
    const verdicts = [
      { ...verdict('veto', 'filter.rsi-time.no-extreme'), filter: 'rsi-time' },
      { ...verdict('veto', 'filter.quarantine.waiting'), filter: 'quarantine' },
    ];
    const quiet = record({ signal: signal({ kind: 'wait' }), judgedAs: 'long', refusal: null, verdicts });
    expect(blockersOf(quiet)).toEqual(['filter.quarantine.waiting']);
    expect(blockersOf({ ...quiet, signal: signal() })).toHaveLength(2);
  });
});

describe('an instrument at a close', () => {
  const facts = {
    instrumentId: BTC,
    rsi: 20,
    rsiLongMax: 29,
    rsiShortMin: 71,
    turnover24h: 5,
    inPosition: null,
  };

  it('has the numbers of the record it was decided on', () => {
    const decided = record({ signal: signal({ rsi: 19, close: 90 }), rank: 2 });
    expect(instrumentAtClose(facts, decided, null)).toMatchObject({
      rsi: 19,
      close: 90,
      rank: 2,
      dataAgeMs: 700,
    });
  });

  it('has every verdict, and the direction they are about', () => {
    const indicators = { ...NO_INDICATORS, atrPct: 2 };
    const { judged } = instrumentAtClose(facts, record(), indicators);
    expect(judged).toEqual({ direction: 'long', indicators, verdicts: record().verdicts });
    const quiet = record({ signal: signal({ kind: 'wait' }), judgedAs: 'short' });
    expect(instrumentAtClose(facts, quiet, null).judged.direction).toBe('short');
  });

  it('without a candle says that there are too few', () => {
    expect(instrumentAtClose(facts, null, null)).toMatchObject({
      outcome: 'no-signal',
      rsi: null,
      close: null,
      dataAgeMs: null,
      blockers: ['filter.data.too-few'],
    });
  });
});
