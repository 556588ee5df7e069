import { decimal, decimalText } from '../base/decimal.ts';
import type { PositionStep } from '../domain/position.ts';
import { heldQuantity } from '../position/holding.ts';
import type { OpenPosition } from './open-position.ts';

/** Writes down that what is held has just changed, and by which execution; null: none was told. */
export function noteStep(position: OpenPosition, fillId: string | null, timeMs: number): void {
  position.steps = [...position.steps, { fillId, timeMs, held: heldQuantity(position.holding) }];
}

/** A step as the state stores it. */
interface StepSnapshot {
  readonly fillId: string | null;
  readonly timeMs: number;
  readonly held: string;
}

export function writeSteps(steps: readonly PositionStep[]): StepSnapshot[] {
  return steps.map(({ fillId, timeMs, held }) => ({ fillId, timeMs, held: decimalText(held) }));
}

export function readSteps(stored: readonly StepSnapshot[]): readonly PositionStep[] {
  return stored.map(({ held, ...step }): PositionStep => ({ ...step, held: decimal(held) }));
}
