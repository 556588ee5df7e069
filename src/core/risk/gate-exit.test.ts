import { describe, expect, it } from 'vitest';
import { approvedExit } from '../../../test/fixture/approved-order.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { decimal } from '../base/decimal.ts';
import type { ApprovedOrder } from '../domain/order.ts';
import { type ExitFacts, exitRefusal } from './gate-exit.ts';

/** 0.1 of a long is to be sold. */
function judged(order: Record<string, unknown>, held: ExitFacts['held'] = null): string | null {
  const exit = { ...approvedExit(instrument()), ...order } as unknown as Extract<
    ApprovedOrder,
    { kind: 'exit' }
  >;
  return exitRefusal(exit, { held })?.code ?? null;
}

describe('the gate judges an exit', () => {
  it.each<[string, Record<string, unknown>, ExitFacts['held'], string | null]>([
    ['of what is held', {}, { direction: 'long', quantityMax: decimal('0.1') }, null],
    ['of a step more', {}, { direction: 'long', quantityMax: decimal('0.099') }, 'gate.exit.larger'],
    ['of what nothing is known of', {}, null, null],
    ['of a position the other way', {}, { direction: 'short', quantityMax: decimal(1) }, 'gate.exit.side'],
    ['on the side of an entry', { side: 'buy' }, null, 'gate.exit.side'],
    ['that could open a position', { reduceOnly: false }, null, 'gate.exit.not-reduce-only'],
    ['that says nothing of it', { reduceOnly: undefined }, null, 'gate.exit.not-reduce-only'],
    ['of nothing', { quantity: decimal(0) }, null, 'gate.order.unsound'],
    ['of no number', { quantity: decimal(Number.NaN) }, null, 'gate.order.unsound'],
  ])('%s', (_what, order, held, code) => {
    expect(judged(order, held)).toBe(code);
  });
});
