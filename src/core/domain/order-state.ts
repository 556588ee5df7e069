/**
 * Where an order of ours stands. `prepared`: journaled, it may have left; `sent`: handed out, no word of it yet;
 * `unknown`: it was sent and whether it exists is not known; `not-placed`: our own conclusion from evidence;
 * `given-up`: nothing more is expected of it, though no word on the order itself says so.
 */
export const ORDER_STATES = [
  'prepared',
  'sent',
  'accepted',
  'unknown',
  'filled',
  'cancelled',
  'rejected',
  'not-placed',
  'given-up',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/**
 * What it means that an order in one state is said to be in another.
 * - `forward`: take it.
 * - `same`: nothing new.
 * - `stale`: it says less than is known, or comes too late to matter: leave it.
 * - `surprise`: it exists although it was concluded, or told, that it does not: take it, and make it known.
 * - `forbidden`: a contradiction that no order of events explains: leave it, and make it known.
 */
export type OrderMove = 'forward' | 'same' | 'stale' | 'surprise' | 'forbidden';

/** Of each state, what the words on an order may do to it; a pair that is not named is forbidden. */
const MOVES: Readonly<
  Record<
    OrderState,
    Readonly<Partial<Record<Exclude<OrderMove, 'same' | 'forbidden'>, readonly OrderState[]>>>
  >
> = {
  prepared: { forward: ['sent', 'accepted', 'unknown', 'filled', 'cancelled', 'rejected', 'not-placed'] },
  sent: { forward: ['accepted', 'unknown', 'filled', 'cancelled', 'rejected', 'not-placed', 'given-up'] },
  // An exchange may reject, or lose, what it has acknowledged.
  accepted: { forward: ['filled', 'cancelled', 'rejected', 'not-placed', 'given-up'] },
  unknown: { forward: ['accepted', 'filled', 'cancelled', 'rejected', 'not-placed', 'given-up'] },
  // The acknowledgement may be overtaken by the end.
  filled: { forward: ['given-up'], stale: ['accepted'] },
  cancelled: { stale: ['accepted'], surprise: ['filled'] },
  rejected: { surprise: ['accepted', 'filled', 'cancelled'] },
  'not-placed': { stale: ['rejected'], surprise: ['accepted', 'filled', 'cancelled'] },
  // Only its fills count from here on.
  'given-up': { stale: ['accepted', 'unknown', 'filled', 'cancelled', 'rejected', 'not-placed'] },
};

/** What it means that an order in state `from` is said to be in state `to`. */
export function orderMove(from: OrderState, to: OrderState): OrderMove {
  if (from === to) return 'same';
  const moves = MOVES[from];
  for (const move of ['forward', 'stale', 'surprise'] as const) if (moves[move]?.includes(to)) return move;
  return 'forbidden';
}

/** True for a word that is to be taken over. */
export function isTaken(move: OrderMove): boolean {
  return move === 'forward' || move === 'surprise';
}

/** True when nothing more is expected of an order in this state: a fill of it comes late, or as a surprise. */
export function isEndState(state: OrderState): boolean {
  return state === 'cancelled' || state === 'rejected' || state === 'not-placed' || state === 'given-up';
}

/** True when a fill of an order in this state contradicts what was told of it, or concluded. */
export function isDenied(state: OrderState): boolean {
  return MOVES[state].surprise?.includes('filled') === true;
}
