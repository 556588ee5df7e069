import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallThen, marketOf, type Ohlc, openSettings, pastOf } from '../../test/fixture/past-candles.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { runBacktest } from './backtest.ts';
import { backtestOptionsSchema } from './options.ts';

/** One candle after another: a jump, a body and two wicks, all in percent of the price. */
const anyMoves = fc.array(
  fc.record({
    jump: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -30, max: 30 })),
    body: fc.integer({ min: -20, max: 22 }),
    up: fc.integer({ min: 0, max: 15 }),
    down: fc.integer({ min: 0, max: 15 }),
  }),
  { minLength: 5, maxLength: 80 },
);

const anyOptions = fc.record({
  slippageBps: fc.constantFrom(0, 3, 100),
  feeTakerRate: fc.constantFrom(0, 0.00055, 0.01),
  path: fc.constantFrom('adverse-first', 'favourable-first', 'seeded'),
  pathStepPct: fc.constantFrom(0.5, 10),
  equityUsdt: fc.constantFrom(20, 10_000),
});

const anyExits = fc.record({
  stopLossPct: fc.constantFrom(1, 15),
  takeProfitPct: fc.constantFrom(5, null),
  breakEvenTriggerPct: fc.constantFrom(1, null),
  partialTakeProfits: fc.constantFrom([], [{ profitPct: 2, sharePct: 50 }]),
});

/** Half of the entries are split over three orders. */
const anyEntry = fc.constantFrom(
  {},
  { entryMethod: 'ladder', rungs: [0, 2, 6].map((offsetPct) => ({ offsetPct, weight: 1 })) },
  { entryMethod: 'ladder', rungs: [1, 4].map((offsetPct) => ({ offsetPct, weight: 1 })) },
);

type Moves = readonly { jump: number; body: number; up: number; down: number }[];

function rowsOf(moves: Moves): readonly Ohlc[] {
  let price = 100;
  return moves.map(({ jump, body, up, down }): Ohlc => {
    const open = cents(price * (1 + jump / 100));
    const close = cents(open * (1 + body / 100));
    price = close;
    const [top, bottom] = [Math.max(open, close), Math.min(open, close)];
    return [open, cents(top * (1 + up / 100)), cents(bottom * (1 - down / 100)), close];
  });
}

function cents(price: number): number {
  return Math.max(1, Math.round(price * 100) / 100);
}

describe('any market', () => {
  it('is walked to books that add up, with fills after their orders and within the limits', () => {
    let trades = 0;
    fc.assert(
      fc.property(
        fc.tuple(anyMoves, anyMoves),
        anyOptions,
        anyExits,
        anyEntry,
        (moves, options, exit, entry) => {
          const [a, b] = moves.map((rows) => fallThen(...rowsOf(rows)));
          const market = marketOf(pastOf('AAVEUSDT', a ?? []), pastOf('BTCUSDT', b ?? []));
          const seen = new Observed();
          // The walk itself stops when its books do not add up to the last digit.
          const result = runBacktest({
            market,
            settings: openSettings({
              exit: { ...exit, ...('rungs' in entry ? { stopLossPct: 15 } : {}) },
              entry,
              risk: { positionNotionalUsdt: 19, leverage: 2, exposurePctMax: 500 },
            }),
            instruments: new Map(),
            options: backtestOptionsSchema.parse(options),
            fromMs: null,
            toMs: null,
            engineVersion: 'test',
            observe: (event, decisions) => seen.note(event, decisions),
          });
          trades += result.trades.length;
          expect(seen.breaches).toEqual([]);
          expect(Number(result.summary.equityEnd)).toBeGreaterThanOrEqual(0);
          for (const { openedMs, closedMs } of result.trades)
            expect(closedMs).toBeGreaterThanOrEqual(openedMs);
        },
      ),
      { numRuns: 60 },
    );
    expect(trades, 'The markets were traded.').toBeGreaterThan(60);
  });
});

/** Time never goes back, and no order fills in the moment it is decided in. */
class Observed {
  readonly breaches: string[] = [];
  private readonly orderedMs = new Map<string, number>();
  private timeMs = 0;

  note(event: EngineEvent, decisions: readonly Decision[]): void {
    if (event.timeMs < this.timeMs)
      this.breaches.push(`${event.kind} at ${event.timeMs} after ${this.timeMs}`);
    this.timeMs = event.timeMs;
    for (const decision of decisions) {
      if (decision.kind === 'place-order') this.orderedMs.set(decision.order.clientOrderId, event.timeMs);
    }
    if (event.kind !== 'fill' || event.fill.clientOrderId === null) return;
    const orderedMs = this.orderedMs.get(event.fill.clientOrderId);
    if (orderedMs === undefined || event.fill.timeMs <= orderedMs) {
      this.breaches.push(
        `${event.fill.clientOrderId} filled at ${event.fill.timeMs}, ordered at ${orderedMs}`,
      );
    }
  }
}
