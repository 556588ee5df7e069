import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, ZERO } from '../../src/core/base/decimal.ts';
import type { ClientOrderId } from '../../src/core/domain/order.ts';
import type { Decision } from '../../src/core/engine/decision.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { EngineEvent, OrderUpdate } from '../../src/core/engine/event.ts';
import type { TradingSnapshot } from '../../src/core/engine/snapshot.ts';
import { merged } from './ladder-story.ts';
import { BTC, exchangePosition, oversold } from './story.ts';

const STATES = ['accepted', 'filled', 'cancelled', 'rejected', 'not-placed', 'unknown'] as const;

const move = fc.record({
  kind: fc.constantFrom(
    ...(['word', 'word', 'word', 'fill', 'fill', 'fill', 'price', 'account'] as const),
    ...(['protect', 'pass', 'command', 'leave', 'ready'] as const),
  ),
  which: fc.nat({ max: 4 }),
  amount: fc.nat({ max: 99 }),
  pauseMs: fc.constantFrom(0, 1, 3_000, 12_000, 70_000),
});
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

/** Tells the engine anything about its orders, in any order; only the quantities are those of an exchange. */
class Course {
  readonly engine: Engine;
  private nowMs: number;
  private fills = 0;
  private readonly filled = new Map<string, Decimal>();

  constructor() {
    const story = oversold(merged({ exit: { breakEvenTriggerPct: 3, trailingActivationPct: 6 } }));
    this.engine = story.engine;
    this.nowMs = story.nowMs;
  }

  step(next: Move): readonly Decision[] {
    this.nowMs += next.pauseMs;
    const event = this.event(next);
    return event === null ? [] : this.engine.step(event);
  }

  private event(next: Move): EngineEvent | null {
    const timeMs = this.nowMs;
    switch (next.kind) {
      case 'word':
        return this.word(next);
      case 'fill':
        return this.fill(next);
      case 'leave':
        return this.leave();
      case 'price': {
        const price = 80 + next.amount / 2;
        const quote = { bidPrice: null, askPrice: null, fundingRate: null, turnover24h: 1_000_000 };
        return { kind: 'price', timeMs, instrumentId: BTC, lastPrice: price, markPrice: price, ...quote };
      }
      case 'account':
        return this.account(next);
      case 'protect':
        return { kind: 'timer', timeMs, name: 'protect' };
      case 'pass':
        return { kind: 'timer', timeMs, name: 'entry-pass' };
      case 'ready':
        return { kind: 'entries-allowed', timeMs, allowed: next.amount > 20, reason: '' };
      case 'command':
        return this.command(next);
    }
  }

  private order({ which }: Move): TradingSnapshot['orders'][number] | null {
    return this.engine.tradingSnapshot().orders.at(which) ?? null;
  }

  private word(next: Move): OrderUpdate | null {
    const order = this.order(next);
    if (order === null) return null;
    const state = STATES[next.amount % STATES.length]!;
    const clientOrderId = order.clientOrderId as ClientOrderId;
    const filledQuantity = next.amount % 2 === 0 ? null : this.filledOf(order.clientOrderId);
    const word = { kind: 'order-update', timeMs: this.nowMs, clientOrderId, instrumentId: BTC } as const;
    return { ...word, state, code: '', detail: '', filledQuantity };
  }

  private fill(next: Move): EngineEvent | null {
    const order = this.order(next);
    if (order === null) return null;
    const done = this.filledOf(order.clientOrderId);
    const left = decimal(order.quantity).minus(done);
    const quantity = next.amount % 2 === 0 ? left : left.dividedBy(2).toDecimalPlaces(3);
    if (!quantity.greaterThan(0)) return null;
    const held = this.engine.positions()[0]?.quantity ?? '0';
    if (order.purpose !== 'entry' && quantity.greaterThan(held)) return null;
    this.filled.set(order.clientOrderId, done.plus(quantity));
    return this.execution(quantity, order.purpose === 'entry' ? 'buy' : 'sell', order.clientOrderId);
  }

  /** The exchange's own stop, or a person, closes all there is. */
  private leave(): EngineEvent | null {
    const held = decimal(this.engine.positions()[0]?.quantity ?? 0);
    return held.isZero() ? null : this.execution(held, 'sell', null);
  }

  private execution(quantity: Decimal, side: 'buy' | 'sell', clientOrderId: string | null): EngineEvent {
    this.fills += 1;
    const timeMs = this.nowMs;
    const names = { fillId: `f${this.fills}`, exchangeOrderId: 'x', clientOrderId, instrumentId: BTC };
    const money = { price: decimal(98), quantity, fee: ZERO, maker: false };
    return { kind: 'fill', timeMs, fill: { ...names, ...money, side, cause: 'stop-loss', timeMs } };
  }

  private account({ amount }: Move): EngineEvent {
    const rows = this.engine.positions().filter(({ quantity }) => quantity !== '0' && amount % 5 !== 0);
    const positions = rows.map(({ quantity, stopPrice }) =>
      exchangePosition({
        quantity: decimal(quantity),
        stopPrice: amount % 3 === 0 ? null : decimal(stopPrice).plus(amount % 7 === 0 ? 2 : 0),
      }),
    );
    const balance = { equity: decimal(10_000), walletBalance: decimal(10_000), available: decimal(10_000) };
    return { kind: 'account-snapshot', timeMs: this.nowMs, asOfMs: this.nowMs, balance, positions };
  }

  private command({ amount }: Move): EngineEvent {
    const commands = [
      { kind: 'close-position', instrumentId: BTC },
      { kind: 'disable-auto-bot' },
      { kind: 'enable-auto-bot' },
      { kind: 'stop-bot', instrumentId: BTC },
      { kind: 'delete-bot', instrumentId: BTC },
    ] as const;
    const said = { kind: 'command', timeMs: this.nowMs, commandId: 'c', actor: 'ann', reason: '' } as const;
    return { ...said, command: commands[amount % commands.length]! };
  }

  private filledOf(clientOrderId: string): Decimal {
    return this.filled.get(clientOrderId) ?? ZERO;
  }
}

/** Sum of what the rungs of the only ladder have filled; null without one whose position is there. */
function ladderFilled({ ladders, positions }: TradingSnapshot): readonly [Decimal, Decimal] | null {
  const [ladder] = ladders;
  const [position] = positions;
  if (ladder === undefined || position?.entryOrderId !== ladder.ladderId) return null;
  if (position.closing?.reason === 'late-fill') return null;
  const sum = ladder.rungs.reduce((total, rung) => total.plus(rung.filledQuantity), ZERO);
  return [sum, decimal(position.holding.entryQuantity)];
}

/** True when a rung may still add to a position that nobody wants any more. */
function restStands({ ladders, positions }: TradingSnapshot): boolean {
  const [ladder] = ladders;
  if (ladder === undefined) return false;
  const over = positions.length === 0 || positions[0]?.state === 'closing';
  const standing = ladder.rungs.filter(({ state }, index) => {
    const resting = state === 'accepted' || state === 'partly-filled';
    return state === 'planned' || (resting && ladder.plan.rungs[index]?.market === false);
  });
  return over && standing.length > 0;
}

describe('any course of a ladder', () => {
  it('keeps what it holds equal to its fills, sends no rung twice, loosens no stop, and leaves nothing behind', () => {
    let [opened, ended] = [0, 0];
    fc.assert(
      fc.property(fc.array(move, { minLength: 8, maxLength: 60 }), (moves) => {
        const course = new Course();
        const sent = new Set<string>();
        let before = course.engine.tradingSnapshot();
        const start: Move = { kind: 'pass', which: 0, amount: 0, pauseMs: 0 };
        for (const next of [start, ...moves]) {
          for (const decision of course.step(next)) {
            if (decision.kind !== 'place-order') continue;
            expect(sent.has(decision.order.clientOrderId)).toBe(false);
            sent.add(decision.order.clientOrderId);
          }
          const after = course.engine.tradingSnapshot();
          const sums = ladderFilled(after);
          if (sums !== null) expect(sums[0].toFixed()).toBe(sums[1].toFixed());
          const [was, is] = [before.positions[0], after.positions[0]];
          if (was !== undefined && is !== undefined && is.openingFillId === was.openingFillId)
            expect(Number(is.stopPrice)).toBeGreaterThanOrEqual(Number(was.stopPrice));
          expect(restStands(after)).toBe(false);
          expect(course.engine.autoBot().slots.used).toBeLessThanOrEqual(1);
          if (is !== undefined && is.openingFillId !== '') opened += 1;
          if (before.ladders.length > 0 && after.ladders.length === 0) ended += 1;
          before = after;
        }
      }),
      { numRuns: 300 },
    );
    expect(opened, 'positions were opened').toBeGreaterThan(300);
    expect(ended, 'ladders came to their end').toBeGreaterThan(30);
  });
});
