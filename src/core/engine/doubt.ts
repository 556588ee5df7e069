import { heldQuantity } from '../position/holding.ts';
import type { OpenPosition } from './open-position.ts';

/** Readings in a row that do not show a position before it is in doubt. */
export const ABSENCES_MIN = 2;
/** How far apart two readings must be to count as two. */
export const APART_MS = 2_000;
/** Readings that must bear it out that a position ended without a fill, and the time from the first to the last. */
const PROOFS_MIN = 3;
const PROOF_MS = 60_000;
/** Proofs further apart than this do not add up. */
const PROOF_GAP_MS = 60_000;

/** True while the exchange's list states less of a position than our fills add up to, and no fill says why. */
export function isDoubtful({ absence, driftQuantity, holding }: OpenPosition): boolean {
  if (absence !== null && absence.count >= ABSENCES_MIN) return true;
  return driftQuantity?.lessThan(heldQuantity(holding)) === true;
}

/**
 * Counts a reading in which more than the list says that a position is smaller than we think, or gone. True once
 * enough of them, over long enough, agree: a list alone is never believed against fills.
 */
export function isBorneOut(position: OpenPosition, asOfMs: number): boolean {
  const { proof } = position;
  if (proof === null || asOfMs > proof.asOfMs + PROOF_GAP_MS) {
    position.proof = { count: 1, sinceMs: asOfMs, asOfMs };
    return false;
  }
  if (asOfMs < proof.asOfMs + APART_MS) return false;
  const count = proof.count + 1;
  position.proof = { ...proof, count, asOfMs };
  return count >= PROOFS_MIN && asOfMs >= proof.sinceMs + PROOF_MS;
}
