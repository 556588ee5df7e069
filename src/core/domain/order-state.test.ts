import { describe, expect, it } from 'vitest';
import {
  isDenied,
  isEndState,
  ORDER_STATES,
  type OrderMove,
  type OrderState,
  orderMove,
} from './order-state.ts';

/** Rows: from; columns: to, in the order of `ORDER_STATES`. f forward, = same, s stale, ! surprise, . forbidden. */
const TABLE: Readonly<Record<OrderState, string>> = {
  //            psaufcrng
  prepared: /* */ '=fffffff.',
  sent: /*     */ '.=fffffff',
  accepted: /* */ '..=.fffff',
  unknown: /*  */ '..f=fffff',
  filled: /*   */ '..s.=...f',
  cancelled: /**/ '..s.!=...',
  rejected: /* */ '..!.!!=..',
  'not-placed': '..!.!!s=.',
  'given-up': /**/ '..ssssss=',
};
const SIGNS: Readonly<Record<string, OrderMove>> = {
  f: 'forward',
  '=': 'same',
  s: 'stale',
  '!': 'surprise',
  '.': 'forbidden',
};
const PAIRS = ORDER_STATES.flatMap((from) =>
  ORDER_STATES.map((to, column): [OrderState, OrderState, OrderMove | undefined] => [
    from,
    to,
    SIGNS[TABLE[from][column] ?? ''],
  ]),
);

function isOpenState(state: OrderState): boolean {
  return state !== 'filled' && !isEndState(state);
}

describe('orderMove', () => {
  it('is judged for every pair of states', () => expect(PAIRS).toHaveLength(81));

  it.each(PAIRS)('from %s to %s is %s', (from, to, move) => expect(orderMove(from, to)).toBe(move));

  it('never makes an order unknown of which anything is known', () => {
    const unknownFrom = ORDER_STATES.filter((from) => orderMove(from, 'unknown') === 'forward');
    expect(unknownFrom).toEqual(['prepared', 'sent']);
  });

  it('reaches an end from every open state, and none is open again without a surprise', () => {
    for (const from of ORDER_STATES) {
      const forward = ORDER_STATES.filter((to) => orderMove(from, to) === 'forward');
      if (isOpenState(from)) expect(forward.some(isEndState)).toBe(true);
      else expect(forward.some(isOpenState)).toBe(false);
    }
  });

  it('calls a fill of what was concluded not to exist a surprise', () => {
    expect(ORDER_STATES.filter(isDenied)).toEqual(['cancelled', 'rejected', 'not-placed']);
  });
});
