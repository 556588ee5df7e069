import { expect, it } from 'vitest';
import type { DecisionView } from '../../../../src/api/coin.ts';
import { reasonWords } from './decision-words.ts';

const ORDERED: DecisionView = {
  symbol: 'BTCUSDT',
  timeframe: '6h',
  timeMs: 1,
  outcome: 'ordered',
  signal: { kind: 'wait', candleOpenTimeMs: 0, close: 1, rsi: 52, trend: 'neutral', depth: null },
  dataAgeMs: 1,
  verdicts: [
    {
      filter: 'rsi-time',
      code: 'filter.rsi-time.no-extreme',
      kind: 'veto',
      value: 52,
      threshold: 71,
      margin: -19,
      unit: 'RSI',
    },
  ],
  signalReadings: null,
  forced: false,
  rank: null,
  slotsFree: 5,
  refusal: null,
  clientOrderId: null,
};

it('an entry by hand against the filters is not called one that passed them', () => {
  expect(reasonWords(ORDERED)).toBe('Every filter passed');
  expect(reasonWords({ ...ORDERED, forced: true })).toMatch(/^A person entered by hand/);
  const refused = {
    ...ORDERED,
    forced: true,
    outcome: 'refused',
    refusal: { code: 'x', value: null, threshold: null, detail: 'No.' },
  } as const;
  expect(reasonWords(refused)).toBe('No.');
});
