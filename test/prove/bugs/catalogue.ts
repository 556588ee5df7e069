import { BOOK_BUGS } from './book-bugs.ts';
import type { Bug } from './bug.ts';
import { GATE_BUGS } from './gate-bugs.ts';
import { GUARD_BUGS } from './guard-bugs.ts';
import { ORDER_BUGS } from './order-bugs.ts';

/** Each from an incident of a trading bot somewhere, or from one of our own; mixed, so that a few are some of each kind. */
export const CATALOGUE: readonly Bug[] = [ORDER_BUGS, GUARD_BUGS, BOOK_BUGS, GATE_BUGS]
  .flatMap((bugs) => bugs.map((bug, place) => ({ bug, place })))
  .sort((a, b) => a.place - b.place)
  .map(({ bug }) => bug);
