import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { close, instrumentAtClose } from '../../test/conformance/store-rows.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Verdict } from '../core/domain/verdict.ts';
import { NO_INDICATORS } from '../core/engine/indicators-at-close.ts';
import { packJudged, unpackJudged } from './verdict-codec.ts';

const BTC = 'BTCUSDT' as InstrumentId;
const ETH = 'ETHUSDT' as InstrumentId;
const NUMBERS = new Map([
  [BTC, 3],
  [ETH, 4],
]);

function verdict(change: Partial<Verdict> = {}): Verdict {
  const filter = 'exit-scam';
  const code = 'filter.exit-scam.pass';
  return { filter, code, kind: 'pass', value: null, threshold: null, margin: null, unit: '', ...change };
}

/** Packed beside another whose numbers are other ones: one number for all is kept exactly. */
function roundTrip(verdicts: readonly Verdict[], indicators = NO_INDICATORS) {
  const judged = { direction: 'short', indicators, verdicts } as const;
  const others = verdicts.map(() => verdict({ value: 1 / 3, threshold: 1 / 7, margin: 1 / 9 }));
  const rows = [
    instrumentAtClose({ instrumentId: BTC, judged }),
    instrumentAtClose({ instrumentId: ETH, judged: { ...judged, verdicts: others } }),
  ];
  return unpackJudged(packJudged(rows, NUMBERS), 3, BTC);
}

const double = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
const anyVerdict = fc
  .record({
    value: fc.oneof(double, fc.integer(), fc.constantFrom('BTCUSDT', 'on', null)),
    threshold: fc.oneof(double, fc.integer(), fc.constantFrom('any', null)),
    sign: fc.constantFrom(-1, 1, null),
  })
  .map(({ value, threshold, sign }) => {
    const measured = typeof value === 'number' && typeof threshold === 'number' && sign !== null;
    return verdict({ value, threshold, margin: measured ? sign * (value - threshold) : null, unit: 'pct' });
  });

function expectAlmost(read: unknown, written: unknown): void {
  if (typeof written !== 'number') expect(read).toBe(written);
  else expect(Math.abs(Number(read) - written)).toBeLessThanOrEqual(Math.abs(written) * 1e-7 + 1e-40);
}

describe('the verdicts of a close', () => {
  it('come back with words and whole numbers exact, others to seven digits, a margin on its side of nothing', () => {
    fc.assert(
      fc.property(fc.array(anyVerdict, { minLength: 1, maxLength: 5 }), (verdicts) => {
        const read = roundTrip(verdicts)?.verdicts ?? [];
        expect(read).toHaveLength(verdicts.length);
        for (const [place, written] of verdicts.entries()) {
          const { value, threshold, margin, ...words } = read[place] ?? verdict();
          expect(words).toEqual({ filter: 'exit-scam', code: written.code, kind: 'pass', unit: 'pct' });
          expectAlmost(value, written.value);
          expectAlmost(threshold, written.threshold);
          expect(margin === null).toBe(written.margin === null);
          expect(Math.sign(margin ?? 0) + 0).toBe(Math.sign(written.margin ?? 0) + 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep a verdict that hangs on the last bit', () => {
    const value = 29.000000000000004;
    const close = verdict({ kind: 'veto', value, threshold: 29, margin: 29 - value, unit: 'RSI' });
    const [read] = roundTrip([close])?.verdicts ?? [];
    expect(read?.margin).toBeLessThan(0);
  });

  it('keep a threshold that all share as it was set', () => {
    const ids = ['AUSDT', 'BUSDT'] as InstrumentId[];
    const judgedAt = (value: number) => ({
      direction: null,
      indicators: NO_INDICATORS,
      verdicts: [verdict({ value, threshold: 0.2, margin: 0.2 - value })],
    });
    const rows = ids.map((instrumentId, place) =>
      instrumentAtClose({ instrumentId, judged: judgedAt(0.1 / (place + 3)) }),
    );
    const packed = packJudged(rows, new Map(ids.map((id, place) => [id, place])));
    expect(unpackJudged(packed, 1, ids[1] ?? BTC)?.verdicts[0]?.threshold).toBe(0.2);
  });

  it('keep times to the millisecond', () => {
    const gap = verdict({ code: 'filter.data.gap', value: 1_790_000_000_123, unit: 'ms' });
    expect(roundTrip([gap])?.verdicts).toEqual([gap]);
  });

  it('name what was spared and what spared it', () => {
    const spared = verdict({
      code: 'filter.chain.not-evaluated',
      kind: 'skipped',
      value: 'filter.trend.down',
    });
    expect(roundTrip([spared])?.verdicts).toEqual([spared]);
  });

  it('come with direction and indicators, unknown ones as unknown', () => {
    const indicators = { ...NO_INDICATORS, emaShort: 1.5, atrPct: 0.25 };
    expect(roundTrip([], indicators)).toEqual({ direction: 'short', indicators, verdicts: [] });
  });

  it('are null for an instrument that was not at the close, and found far from the first', () => {
    const far = instrumentAtClose({ instrumentId: BTC });
    const packed = packJudged(close(1, [far]).instruments, new Map([[BTC, 700]]));
    expect(unpackJudged(packed, 700, BTC)).toEqual(far.judged);
    expect([unpackJudged(packed, 3, BTC), unpackJudged(packed, 900, BTC)]).toEqual([null, null]);
  });

  it('of one instrument do not depend on the others', () => {
    const ids = Array.from({ length: 300 }, (_, place) => `C${place}USDT` as InstrumentId);
    const rows = ids.map((instrumentId, place) =>
      instrumentAtClose({
        instrumentId,
        judged: {
          direction: place % 2 === 0 ? 'long' : 'short',
          indicators: NO_INDICATORS,
          verdicts:
            place % 3 === 0
              ? []
              : [verdict({ value: instrumentId, threshold: 'all' }), verdict({ value: place })],
        },
      }),
    );
    const packed = packJudged(rows, new Map(ids.map((id, place) => [id, place])));
    for (const [place, row] of rows.entries()) {
      expect(unpackJudged(packed, place, row.instrumentId)).toEqual(row.judged);
    }
  });
});
