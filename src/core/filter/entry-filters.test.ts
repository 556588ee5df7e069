import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  context,
  facts,
  filterSettings,
  NEWEST_OPEN_MS,
  signal,
} from '../../../test/scenario/entry-makers.ts';
import { entryMarket } from '../../../test/scenario/market-makers.ts';
import { BTC, CANDLE_MS, instrument } from '../../../test/scenario/story.ts';
import { codeMeaning } from '../domain/codes.ts';
import type { EntryContext } from './entry-context.ts';
import { ENTRY_FILTERS, forceEntry, judgeEntry, passEntry, refuseNotANumber } from './entry-filters.ts';

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

describe.each(ENTRY_FILTERS.map((link) => [link.name, link.judge] as const))(
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
  it('keeps every verdict in its fixed order, the passes and the skipped included', () => {
    const young = context({ candles: facts({ shown: 10, held: 10 }) });
    expect(judgeEntry(young).map(({ filter, kind }) => `${filter} ${kind}`)).toEqual([
      'trading-switch pass',
      'entries-allowed pass',
      'scope pass',
      'instrument pass',
      'data veto',
      'quarantine pass',
      'adaptive-level pass',
      'signal-confirmation pass',
      'trend pass',
      'maturity veto',
      'rsi-time pass',
      'exit-scam pass',
      'rsi-recheck pass',
      'loss-reentry pass',
      'cool-down pass',
      'liquidity pass',
      'spread pass',
      'volatility pass',
      'funding-cost pass',
      'correlation skipped',
    ]);
  });

  it('spares what is costly once the entry is blocked, wherever in the order, and names the blocker', () => {
    let lessons = 0;
    const learnedExitScam = () => {
      lessons += 1;
      return null;
    };
    const settings = filterSettings({ exitScamAutoLearnEnabled: true });
    const market = entryMarket({}, { learnedExitScam });
    const waiting = context({ settings, market, coolDownUntilMs: CLOSE_MS + 1 });
    const skipped = judgeEntry(waiting).filter(({ kind }) => kind === 'skipped');
    expect(skipped.map(({ filter, code, value }) => [filter, code, value])).toEqual([
      ['exit-scam', 'filter.chain.not-evaluated', 'filter.cool-down.waiting'],
      ['correlation', 'filter.chain.not-evaluated', 'filter.cool-down.waiting'],
    ]);
    expect(lessons).toBe(0);
    expect(passEntry(context({ settings, market })).ok).toBe(true);
    expect(lessons).toBe(1);
  });

  it('takes a filter that stops with a fault for a veto, and asks the others all the same', () => {
    const broken = () => {
      throw new Error('no positions');
    };
    const verdicts = judgeEntry(context({ heldMarkets: broken }));
    expect(verdicts.filter(({ kind }) => kind !== 'pass')).toMatchObject([
      { filter: 'correlation', kind: 'veto', code: 'filter.chain.failed', value: 'Error: no positions' },
    ]);
  });

  it('mints the proof of an entry exactly when no verdict is a veto and the signal enters', () => {
    fc.assert(
      fc.property(anyContext, (made) => {
        const verdicts = judgeEntry(made);
        const clean = verdicts.every((verdict) => verdict.kind !== 'veto') && made.signal.kind !== 'wait';
        const result = passEntry(made);
        expect(result.ok).toBe(clean);
        if (result.ok)
          expect(result.value.direction).toBe(made.signal.kind === 'enter-long' ? 'long' : 'short');
        else expect(result.error).toEqual(verdicts);
      }),
    );
  });

  it.each(['value', 'threshold', 'margin'] as const)('takes a %s that is no number for a veto', (part) => {
    const verdict = ENTRY_FILTERS[4]!.judge(context());
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

describe('an entry forced by a person', () => {
  const held = context({
    signal: signal({ kind: 'wait', depth: null }),
    settings: filterSettings({ blacklist: [BTC] }),
    candles: facts({ shown: 10, gap: true }),
    coolDownUntilMs: CLOSE_MS + 1,
  });

  it('goes past the filters, keeps what they say of its direction, and is marked', () => {
    const forced = forceEntry(held, 'short');
    if (!forced.ok) throw new Error('Nothing that stands speaks against it.');
    expect(forced.value).toMatchObject({ forced: true, direction: 'short', signal: { kind: 'wait' } });
    const vetoes = forced.value.verdicts.filter(({ kind }) => kind === 'veto').map(({ code }) => code);
    expect(vetoes).toContain('filter.scope.blacklisted');
    // The made market stands at RSI 20: nothing of a short there.
    expect(vetoes).toContain('filter.rsi-recheck.gone');
  });

  it.each([
    ['entries may not leave', { entriesAllowed: { allowed: false, reason: 'halted' } }],
    ['the exchange does not trade it', { instrument: instrument(BTC, { status: 'closed' }) }],
    ['it is leaving the exchange', { instrument: instrument(BTC, { deliveryTimeMs: CLOSE_MS + 1 }) }],
    ['its feed is lost', { candles: facts({ feedLost: 'silent' }) }],
    ['its newest candle is long gone', { timeMs: CLOSE_MS + 86_400_000, candles: facts() }],
    ['its newest candle has not closed', { timeMs: CLOSE_MS - 3_600_000, candles: facts() }],
    ['trading is switched off', { settings: filterSettings({ tradingEnabled: false }) }],
  ] as const)('does not go out while %s', (_, changes) => {
    expect(forceEntry({ ...held, ...changes }, 'long').ok).toBe(false);
  });

  it('is the only one marked so', () => {
    const passed = passEntry(context());
    expect(passed.ok && passed.value.forced).toBe(false);
  });
});
