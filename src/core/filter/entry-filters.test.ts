import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  context,
  facts,
  filterSettings,
  NEWEST_OPEN_MS,
  signal,
} from '../../../test/scenario/entry-makers.ts';
import { BTC, CANDLE_MS, instrument } from '../../../test/scenario/story.ts';
import { codeMeaning } from '../domain/codes.ts';
import type { EntryContext } from './entry-context.ts';
import { ENTRY_FILTERS, judgeEntry, passEntry, refuseNotANumber } from './entry-filters.ts';

const CLOSE_MS = NEWEST_OPEN_MS + CANDLE_MS;
const odd = fc.constantFrom(0, 1, 99, 100, 200, Number.NaN, -1, 1e15);

/** Contexts of any kind: sound, broken, early, late. */
const anyContext: fc.Arbitrary<EntryContext> = fc
  .record({
    timeMs: fc.oneof(
      fc.constant(CLOSE_MS),
      fc.integer({ min: CLOSE_MS - 20_000, max: CLOSE_MS + 2 * CANDLE_MS }),
    ),
    allowed: fc.boolean(),
    kind: fc.constantFrom('enter-long', 'enter-short', 'wait'),
    trend: fc.constantFrom('up', 'down', 'neutral', null),
    held: odd,
    shown: odd,
    rsiMin: fc.oneof(odd, fc.constant(null)),
    newestOpenTimeMs: fc.constantFrom(NEWEST_OPEN_MS, null),
    gap: fc.boolean(),
    feedLost: fc.constantFrom(null, 'silent'),
    avoidDownTrend: fc.boolean(),
    scope: fc.constantFrom('all', 'whitelist', 'blacklist'),
    status: fc.constantFrom('trading', 'closed'),
    coolDownUntilMs: fc.oneof(fc.constant(null), fc.integer({ min: CLOSE_MS, max: CLOSE_MS + 10 }), odd),
  } as const)
  .map((made) =>
    context({
      timeMs: made.timeMs,
      entriesAllowed: { allowed: made.allowed, reason: 'made' },
      signal: signal({ kind: made.kind, trend: made.trend }),
      candles: factsOf(made),
      settings: filterSettings({ avoidDownTrend: made.avoidDownTrend, scope: made.scope }),
      instrument: instrument(BTC, { status: made.status }),
      coolDownUntilMs: made.coolDownUntilMs,
    }),
  );

/** No candle held, no newest one. */
function factsOf({ held, shown, rsiMin, newestOpenTimeMs, gap, feedLost }: Parameters<typeof facts>[0] & {}) {
  const none = newestOpenTimeMs === null;
  return facts({
    ...(none ? { held: 0, newestOpenTimeMs } : {}),
    ...(none || held === undefined ? {} : { held }),
    shown: shown ?? 0,
    rsiMin: rsiMin ?? null,
    gap: gap ?? false,
    feedLost: feedLost ?? null,
  });
}

describe.each(ENTRY_FILTERS.map((filter) => [filter.name, filter] as const))(
  'the family promise of %s',
  (_, filter) => {
    it('passes a sound context with a code of the catalogue', () => {
      const verdict = filter(context());
      expect(verdict.kind).toBe('pass');
      expect(codeMeaning(verdict.code)).not.toBeNull();
    });

    it('answers the same to the same, by a known code, with a margin on the side of its verdict', () => {
      fc.assert(
        fc.property(anyContext, (made) => {
          const verdict = filter(made);
          expect(filter(made)).toEqual(verdict);
          expect(codeMeaning(verdict.code), verdict.code).not.toBeNull();
          expect(/\.(pass|off)$/.test(verdict.code), verdict.code).toBe(
            verdict.kind === 'pass' || verdict.code === 'filter.trading-switch.off',
          );
          if (verdict.margin === null || Number.isNaN(verdict.margin)) return;
          expect(Object.is(verdict.margin, -0), 'a margin is never minus zero').toBe(false);
          if (verdict.kind === 'pass') expect(verdict.margin).toBeGreaterThanOrEqual(0);
          else expect(verdict.margin).toBeLessThan(0);
        }),
      );
    });
  },
);

describe('the chain', () => {
  it('keeps every verdict in its fixed order, the passes included', () => {
    const young = context({ candles: facts({ shown: 10, held: 10 }) });
    expect(judgeEntry(young).map((verdict) => [verdict.filter, verdict.kind])).toEqual([
      ['trading-switch', 'pass'],
      ['entries-allowed', 'pass'],
      ['scope', 'pass'],
      ['instrument', 'pass'],
      ['data', 'veto'],
      ['trend', 'pass'],
      ['maturity', 'veto'],
      ['cool-down', 'pass'],
    ]);
  });

  it('mints the proof of an entry exactly when no verdict is a veto and the signal enters', () => {
    fc.assert(
      fc.property(anyContext, (made) => {
        const verdicts = judgeEntry(made);
        const clean = verdicts.every((verdict) => verdict.kind === 'pass') && made.signal.kind !== 'wait';
        const result = passEntry(made);
        expect(result.ok).toBe(clean);
        if (result.ok)
          expect(result.value.direction).toBe(made.signal.kind === 'enter-long' ? 'long' : 'short');
        else expect(result.error).toEqual(verdicts);
      }),
    );
  });

  it.each(['value', 'threshold', 'margin'] as const)('takes a %s that is no number for a veto', (part) => {
    const verdict = ENTRY_FILTERS[4]!(context());
    expect(verdict.kind).toBe('pass');
    expect(refuseNotANumber({ ...verdict, [part]: Number.NaN })).toMatchObject({
      kind: 'veto',
      code: 'filter.value.not-a-number',
      value: null,
    });
  });

  it.each(['held', 'shown', 'rsiMin', 'rsiMax', 'newestOpenTimeMs'] as const)(
    'never mints a proof when %s is no number',
    (fact) => {
      expect(passEntry(context({ candles: facts({ [fact]: Number.NaN }) })).ok).toBe(false);
    },
  );

  it('never lets a number that is none into a verdict', () => {
    fc.assert(
      fc.property(anyContext, (made) => {
        for (const { value, threshold, margin } of judgeEntry(made)) {
          for (const part of [value, threshold, margin]) expect(Number.isNaN(part)).toBe(false);
        }
      }),
    );
  });
});
