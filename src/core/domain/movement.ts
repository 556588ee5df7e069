import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from './instrument.ts';

/** Why an exchange moved money of an account. */
export const MOVEMENT_KINDS = [
  'trade',
  'liquidation',
  'deleveraging',
  'delivery',
  'funding',
  'interest',
  'insurance',
  'transfer',
  'conversion',
  'bonus',
  'refund',
  /** A reason we do not know. */
  'unknown',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Null for text that is none. */
export function parseMovementKind(text: string): MovementKind | null {
  return MOVEMENT_KINDS.find((kind) => kind === text) ?? null;
}

/** One change of an account's wallet as the exchange lists it, settlement currency; more is above zero. */
export interface Movement {
  /** The exchange's own, the same at every reading. */
  readonly id: string;
  readonly kind: MovementKind;
  /** The exchange's word for it. */
  readonly word: string;
  readonly timeMs: number;
  /** Null where it concerns none that we could trade. */
  readonly instrumentId: InstrumentId | null;
  /** The fill it comes of; null where there is none. */
  readonly fillId: string | null;
  /** What the wallet changed by: the parts below together. */
  readonly change: Decimal;
  /** Realised profit, or what came or went as such; null: not stated. */
  readonly cashFlow: Decimal | null;
  /** Received; null: not stated. */
  readonly funding: Decimal | null;
  /** Paid; null: not stated. */
  readonly fee: Decimal | null;
  /** What the account holds of the instrument after it, short below zero; null: not stated. */
  readonly heldAfter: Decimal | null;
}

const RESULTS: ReadonlySet<MovementKind> = new Set([
  'trade',
  'liquidation',
  'deleveraging',
  'delivery',
  'funding',
  'insurance',
]);

/**
 * What trading contracts brings and costs. All else that moves the wallet (transfers, conversions, bonuses, refunds,
 * interest, whatever is invented next) is no result of it: what is earned on coins must not hide a loss of the day, and
 * what was borrowed for something else is none.
 */
export function isResultOfTrading({ kind }: Pick<Movement, 'kind'>): boolean {
  return RESULTS.has(kind);
}
