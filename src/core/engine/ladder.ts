import { assert } from '../base/assert.ts';
import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId } from '../domain/order.ts';
import type { ApprovedLadder } from '../risk/approve.ts';

/**
 * Where a rung stands. `planned`: no order was made for it; `sent`: no word yet; `unknown`: its order may exist;
 * `cancelling`: it rests and is being taken back; the last three are its end.
 */
export const RUNG_STATES = [
  'planned',
  'sent',
  'unknown',
  'accepted',
  'partly-filled',
  'cancelling',
  'filled',
  'cancelled',
  'rejected',
] as const;
export type RungState = (typeof RUNG_STATES)[number];

/** Where a rung may go from where it stands. What has ended changes only by fills that were told after its end. */
const NEXT_STATES: Readonly<Record<RungState, readonly RungState[]>> = {
  planned: ['sent', 'cancelled'],
  sent: ['unknown', 'accepted', 'partly-filled', 'filled', 'cancelled', 'rejected'],
  unknown: ['accepted', 'partly-filled', 'filled', 'cancelled', 'rejected'],
  accepted: ['unknown', 'partly-filled', 'cancelling', 'filled', 'cancelled', 'rejected'],
  'partly-filled': ['unknown', 'cancelling', 'filled', 'cancelled', 'rejected'],
  cancelling: ['unknown', 'filled', 'cancelled', 'rejected'],
  filled: [],
  cancelled: ['filled'],
  rejected: ['cancelled', 'filled'],
};

/** Why the rest of a ladder is taken back, or was never sent. */
export const LADDER_ENDS = [
  'position-over',
  'closing',
  'position-doubtful',
  'stop-unconfirmed',
  'stop-moved',
  'bot-paused',
  'bot-deleted',
  'auto-bot-off',
  'not-ready',
  'halted',
  'not-trading',
  'daily-loss',
  'expired',
  'rsi-left',
  'rung-failed',
  'restarted',
  'by-hand',
  'state-lost',
] as const;
export type LadderEnd = (typeof LADDER_ENDS)[number];

/** One order of a ladder and what is known of it. Owned and updated in place by the engine. */
export interface Rung {
  /** Null until it is sent; the first rung has that of the ladder from the beginning. */
  clientOrderId: ClientOrderId | null;
  state: RungState;
  filledQuantity: Decimal;
  /** When it was last asked to be taken back, ms; null: never. */
  cancelMs: number | null;
  /** When its order was sent or last looked up, ms. */
  checkedMs: number;
}

/**
 * The orders one entry was split over. One per instrument, from its approval until its last order is over, whether or
 * not the position it opened is still there.
 */
export interface Ladder {
  readonly plan: ApprovedLadder;
  /** Name of the first rung's order: that of the position, too. */
  readonly ladderId: ClientOrderId;
  /** Lease it was approved under: rungs not sent by then are not sent under another. */
  readonly epoch: number;
  readonly createdMs: number;
  /** When its rungs are taken back, ms; null: by no clock. */
  readonly expiresMs: number | null;
  /** RSI was seen inside the calm zone, which it can leave only then. */
  wasCalm: boolean;
  /** Null while rungs may still be sent and fill. */
  ending: LadderEnd | null;
  /** As many as the plan has, in its order. */
  readonly rungs: readonly Rung[];
}

/** Moves a rung on. Stops on a way that no order goes. */
export function moveRung(rung: Rung, to: RungState): void {
  const known = NEXT_STATES[rung.state].includes(to);
  assert(known, `A rung that is ${rung.state} does not become ${to}.`);
  rung.state = to;
}

/** True when no word and no fill is expected of a rung any more. */
export function isRungOver({ state }: Rung): boolean {
  return state === 'filled' || state === 'cancelled' || state === 'rejected';
}

/** The ladder a position came from while its rungs may still change it; null for any other position. */
export function ladderOf(
  { ladders }: { readonly ladders: ReadonlyMap<InstrumentId, Ladder> },
  position: { readonly instrumentId: InstrumentId; readonly entryOrderId: ClientOrderId },
): Ladder | null {
  const ladder = ladders.get(position.instrumentId);
  return ladder !== undefined && ladder.ladderId === position.entryOrderId ? ladder : null;
}
