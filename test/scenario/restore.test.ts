import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, decimalText } from '../../src/core/base/decimal.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import type { ClientOrderId } from '../../src/core/domain/order.ts';
import type { Decision } from '../../src/core/engine/decision.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import {
  BTC,
  CANDLE_MS,
  candlesOf,
  ETH,
  exchangePosition,
  HISTORY_LENGTH,
  instrument,
  SOL,
  START_MS,
  settings,
  waves,
} from './story.ts';

const IDS = [BTC, ETH, SOL] as const;

/** What happens next, in the abstract: which instrument, what, and how much of it. */
interface Move {
  readonly kind: 'candle' | 'price' | 'fill' | 'order' | 'account' | 'pass' | 'protect' | 'command' | 'feed';
  readonly which: number;
  readonly amount: number;
  readonly pauseMs: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(
    ...(['candle', 'price', 'fill', 'fill', 'order', 'account', 'pass', 'pass', 'protect'] as const),
    ...(['command', 'feed'] as const),
  ),
  which: fc.nat({ max: 2 }),
  amount: fc.nat({ max: 99 }),
  pauseMs: fc.constantFrom(0, 1, 500, 3_000, 12_000, 40_000),
});

const moves = fc.array(move, { minLength: 5, maxLength: 60 });

/** A world that turns moves into events that fit what the engine has ordered so far. */
class World {
  nowMs = START_MS + HISTORY_LENGTH * CANDLE_MS;
  private readonly shown = new Map<InstrumentId, number>();
  private fills = 0;

  /** Everything up to the first signal, with Auto Bot on. */
  opening(): EngineEvent[] {
    const timeMs = this.nowMs;
    const closes = waves(HISTORY_LENGTH, 'trough');
    const candles = candlesOf(closes);
    return [
      { kind: 'lease', timeMs, accountId: 'demo', epoch: 1 },
      ...IDS.map((id): EngineEvent => ({ kind: 'instrument', timeMs, instrument: instrument(id) })),
      ...IDS.map(
        (instrumentId): EngineEvent => ({
          kind: 'candle-history',
          timeMs,
          instrumentId,
          timeframe: '6h',
          candles,
        }),
      ),
      this.account([]),
      ...this.start(),
    ];
  }

  /** What a shell says after a start, whether or not it restored something. */
  start(): EngineEvent[] {
    const timeMs = this.nowMs;
    const said = { kind: 'command', timeMs, commandId: 'c', actor: 'ann', reason: '' } as const;
    return [
      { ...said, command: { kind: 'disable-auto-bot' } },
      { kind: 'lease', timeMs, accountId: 'demo', epoch: 2 },
      { kind: 'entries-allowed', timeMs, allowed: true, reason: 'ready' },
      { ...said, command: { kind: 'enable-auto-bot' } },
    ];
  }

  event(engine: Engine, next: Move): EngineEvent {
    this.nowMs += next.pauseMs;
    const timeMs = this.nowMs;
    const instrumentId = IDS[next.which]!;
    const price = 70 + next.amount;
    switch (next.kind) {
      case 'candle':
        return this.candle(instrumentId, price);
      case 'price':
        return {
          kind: 'price',
          timeMs,
          instrumentId,
          lastPrice: price,
          markPrice: price,
          turnover24h: next.which,
        };
      case 'fill':
      case 'order':
        return this.word(engine, next, instrumentId);
      case 'account':
        return this.account(this.stated(engine, next));
      case 'pass':
        return { kind: 'timer', timeMs, name: 'entry-pass' };
      case 'protect':
        return { kind: 'timer', timeMs, name: 'protect' };
      case 'command':
        return this.command(next, instrumentId);
      case 'feed':
        return next.amount < 50
          ? {
              kind: 'feed-lost',
              timeMs,
              instrumentId: next.amount < 25 ? null : instrumentId,
              reason: 'silent',
            }
          : { kind: 'feed-restored', timeMs, instrumentId: null };
    }
  }

  private candle(instrumentId: InstrumentId, close: number): EngineEvent {
    const count = this.shown.get(instrumentId) ?? 0;
    this.shown.set(instrumentId, count + (close % 10 === 9 ? 2 : 1));
    // Every tenth candle is followed by a hole, which the engine must notice and remember.
    const openTimeMs = START_MS + (HISTORY_LENGTH + count) * CANDLE_MS;
    this.nowMs = Math.max(this.nowMs, openTimeMs + CANDLE_MS);
    const candle = { openTimeMs, open: close, high: close, low: close, close, volume: 1 };
    return { kind: 'candle-closed', timeMs: this.nowMs, instrumentId, timeframe: '6h', candle };
  }

  /** A word of the exchange about one of the newest orders: a fill of a part or all, or a state. */
  private word(engine: Engine, next: Move, instrumentId: InstrumentId): EngineEvent {
    const timeMs = this.nowMs;
    const order = engine.tradingSnapshot().orders.at(-1 - next.which);
    if (order === undefined) return { kind: 'timer', timeMs, name: 'protect' };
    const clientOrderId = order.clientOrderId as ClientOrderId;
    if (next.kind === 'order') {
      const states = ['accepted', 'filled', 'cancelled', 'rejected', 'not-placed', 'unknown'] as const;
      const state = states[next.amount % states.length]!;
      return { kind: 'order-update', timeMs, clientOrderId, instrumentId, state, code: '', detail: '' };
    }
    this.fills += 1;
    const left = decimal(order.quantity).minus(order.filledQuantity);
    const part = next.amount % 2 === 0 || left.isZero() ? decimal(order.quantity) : left;
    const buys = (order.purpose === 'entry') === (order.direction === 'long');
    return {
      kind: 'fill',
      timeMs,
      fill: {
        fillId: `f${this.fills - (next.amount % 10 === 0 ? 1 : 0)}`,
        exchangeOrderId: 'x',
        clientOrderId: next.amount % 7 === 0 ? null : clientOrderId,
        instrumentId: order.instrumentId as InstrumentId,
        side: buys ? 'buy' : 'sell',
        price: decimal(70 + next.amount),
        quantity: next.amount % 3 === 0 ? part.dividedBy(2) : part,
        fee: decimal('0.01'),
        maker: false,
        cause: next.amount % 5 === 0 ? 'stop-loss' : 'user',
        timeMs,
      },
    };
  }

  /** What the exchange states: our positions as they are, smaller, without a stop, or nothing at all. */
  private stated(engine: Engine, next: Move) {
    return engine
      .positions()
      .filter(() => next.amount % 4 !== 0)
      .map(({ instrumentId, direction, quantity, stopPrice }) =>
        exchangePosition({
          instrumentId,
          direction,
          quantity: decimal(quantity === '0' ? '0.1' : quantity).dividedBy(next.amount % 2 === 0 ? 2 : 1),
          stopPrice: next.amount % 3 === 0 ? null : decimal(stopPrice),
          markPrice: decimal(70 + next.amount),
        }),
      );
  }

  private account(positions: ReturnType<World['stated']>): EngineEvent {
    const balance = { equity: decimal(1_000), walletBalance: decimal(1_000), available: decimal(1_000) };
    return { kind: 'account-snapshot', timeMs: this.nowMs, asOfMs: this.nowMs, balance, positions };
  }

  private command({ amount }: Move, instrumentId: InstrumentId): EngineEvent {
    const said = { kind: 'command', timeMs: this.nowMs, commandId: 'c', actor: 'ann', reason: '' } as const;
    const version = amount;
    const commands = [
      { kind: 'close-position', instrumentId },
      { kind: 'create-bot', instrumentId, direction: null },
      { kind: 'stop-bot', instrumentId },
      { kind: 'start-bot', instrumentId },
      { kind: 'configure', settings: settings({ exit: { stopLossPct: 1 + (amount % 20) } }), version },
      { kind: 'configure', settings: settings({ signal: { rsiLength: 10 + (amount % 9) } }), version },
      { kind: 'configure', settings: settings({ timeframe: amount % 2 === 0 ? '6h' : '1h' }), version },
    ] as const;
    return { ...said, command: commands[amount % commands.length]! };
  }
}

function fresh(): Engine {
  return new Engine({ settings: settings(), settingsVersion: 1 });
}

function inBytes(decisions: readonly Decision[]): string {
  return JSON.stringify(decisions);
}

describe('restore', () => {
  it('goes on with byte-equal decisions from any point', () => {
    fc.assert(
      fc.property(moves, moves, (before, after) => {
        const world = new World();
        const engine = fresh();
        for (const event of world.opening()) engine.step(event);
        for (const next of before) engine.step(world.event(engine, next));

        const stored = parseEngineSnapshot(JSON.parse(JSON.stringify(engine.snapshot())));
        const restored = fresh();
        restored.restore(stored!);
        for (const event of world.start())
          expect(inBytes(restored.step(event))).toBe(inBytes(engine.step(event)));
        expect(restored.snapshot()).toEqual(engine.snapshot());
        for (const next of after) {
          const event = world.event(engine, next);
          expect(inBytes(restored.step(event))).toBe(inBytes(engine.step(event)));
        }
        expect(restored.snapshot()).toEqual(engine.snapshot());
      }),
      { numRuns: 150 },
    );
  });
});

describe('any course of events', () => {
  it('never names two orders alike, never holds more than was ordered, never exceeds its limits', () => {
    fc.assert(
      fc.property(moves, (course) => {
        const world = new World();
        const engine = fresh();
        const ordered = new Map<string, Decision & { kind: 'place-order' }>();
        const events = world.opening();
        for (const event of events) engine.step(event);
        for (const next of course) {
          const held = new Map(engine.positions().map((position) => [position.instrumentId, position]));
          for (const decision of engine.step(world.event(engine, next))) {
            if (decision.kind !== 'place-order') continue;
            const { order } = decision;
            expect(ordered.has(order.clientOrderId), 'a client order id is used once').toBe(false);
            ordered.set(order.clientOrderId, decision);
            if (order.kind === 'entry')
              expect(held.has(order.instrumentId), 'one entry per instrument').toBe(false);
          }
          expect(engine.positions().length).toBeLessThanOrEqual(5);
          for (const position of engine.positions()) {
            expect(decimal(position.quantity).isNegative(), 'a holding is never negative').toBe(false);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never loosens the stop of a position', () => {
    fc.assert(
      fc.property(moves, (course) => {
        const world = new World();
        const engine = fresh();
        for (const event of world.opening()) engine.step(event);
        for (const next of course) {
          const before = new Map(
            engine.tradingSnapshot().positions.map((position) => [position.entryOrderId, position]),
          );
          engine.step(world.event(engine, next));
          for (const position of engine.tradingSnapshot().positions) {
            const earlier = before.get(position.entryOrderId);
            if (earlier === undefined) continue;
            const change = decimal(position.stopPrice).minus(earlier.stopPrice);
            const looser =
              position.holding.direction === 'long' ? change.isNegative() : change.greaterThan(0);
            expect(
              looser && !change.isZero(),
              `${earlier.stopPrice} became ${decimalText(change)} looser`,
            ).toBe(false);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
