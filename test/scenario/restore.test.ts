import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, decimalText } from '../../src/core/base/decimal.ts';
import { isEndState } from '../../src/core/domain/order-state.ts';
import type { Decision } from '../../src/core/engine/decision.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import { parseEngineSnapshot } from '../../src/core/engine/snapshot.ts';
import { fresh, moves, World } from './any-course.ts';

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
            if (order.kind === 'entry' && (order.ladderId ?? order.clientOrderId) === order.clientOrderId)
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

  it('never has exits on their way for more than is held', () => {
    fc.assert(
      fc.property(moves, (course) => {
        const world = new World();
        const engine = fresh();
        for (const event of world.opening()) engine.step(event);
        for (const next of course) {
          for (const decision of engine.step(world.event(engine, next))) {
            if (decision.kind !== 'place-order' || decision.order.kind !== 'exit') continue;
            const { instrumentId } = decision.order;
            const held = engine.positions().find((position) => position.instrumentId === instrumentId);
            const asked = exitsOnTheirWay(engine, instrumentId);
            expect(asked.lessThanOrEqualTo(held?.quantity ?? 0), `${decimalText(asked)} is asked`).toBe(true);
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

  it('sends a stop only in the step of a reading, and only one tighter than that reading states', () => {
    fc.assert(
      fc.property(moves, (course) => {
        const world = new World();
        const engine = fresh();
        for (const event of world.opening()) engine.step(event);
        for (const next of course) {
          const event = world.event(engine, next);
          for (const decision of engine.step(event)) {
            if (decision.kind !== 'amend-stop') continue;
            const { instrumentId, direction, stopPrice } = decision;
            expect(event.kind).toBe('account-snapshot');
            const resting = statedStop(event, instrumentId);
            if (stopPrice === null || resting === null) continue;
            const tighter =
              direction === 'long' ? stopPrice.greaterThan(resting) : stopPrice.lessThan(resting);
            expect(tighter, `${decimalText(stopPrice)} in place of ${decimalText(resting)}`).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

function exitsOnTheirWay(engine: Engine, instrumentId: string): Decimal {
  return engine
    .tradingSnapshot()
    .orders.filter((order) => order.instrumentId === instrumentId && order.purpose !== 'entry')
    .filter((order) => !isEndState(order.state))
    .reduce((sum, order) => sum.plus(order.quantity).minus(order.filledQuantity), decimal(0));
}

function statedStop(event: EngineEvent, instrumentId: string) {
  const positions = event.kind === 'account-snapshot' ? event.positions : [];
  return positions.find((position) => position.instrumentId === instrumentId)?.stopPrice ?? null;
}
