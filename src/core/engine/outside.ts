import type { z } from 'zod';
import { type Decimal, decimalText, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction, Fill } from '../domain/order.ts';
import { heldQuantity, isHeld } from '../position/holding.ts';
import type { outsideSchema, TakenAway } from './outside-memory.ts';
import { type EngineState, textOrNull, touchTrading } from './state.ts';

/** Instruments and orders that are waited for at most; a reading takes them all. */
const KEPT_MAX = 64;
/** Executions named in a record: one order of a person may have filled in many. */
const FILL_IDS_MAX = 16;

/** Keeps a fill that is not ours until the next reading shows what it came to. `before` is what we held. */
export function noteOutsideFill(
  state: EngineState,
  fill: Fill,
  before: { readonly direction: Direction; readonly held: Decimal } | null,
): void {
  const { instrumentId, fillId, timeMs, side, quantity } = fill;
  const known = state.outsideFills.get(instrumentId);
  if (known?.fillIds.includes(fillId) === true || (known === undefined && isFull(state.outsideFills))) return;
  state.outsideFills.set(instrumentId, {
    instrumentId,
    direction: known?.direction ?? before?.direction ?? null,
    held: known === undefined || known.direction === null ? (before?.held ?? ZERO) : known.held,
    fillIds: [...(known?.fillIds ?? []), fillId].slice(0, FILL_IDS_MAX),
    lastMs: Math.max(known?.lastMs ?? 0, timeMs),
    bought: (known?.bought ?? ZERO).plus(side === 'buy' ? quantity : quantity.negated()),
  });
  touchTrading(state);
}

/** What we hold on an instrument; null: nothing. */
export function heldOn(
  { positions }: EngineState,
  instrumentId: InstrumentId,
): { readonly direction: Direction; readonly held: Decimal } | null {
  const holding = positions.get(instrumentId)?.holding;
  if (holding === undefined || !isHeld(holding)) return null;
  return { direction: holding.direction, held: heldQuantity(holding) };
}

/** Keeps the word that a resting order of ours was taken back by somebody else until the next reading. */
export function noteTakenAway(state: EngineState, order: TakenAway): void {
  if (isFull(state.takenAway)) return;
  state.takenAway.set(order.clientOrderId, order);
  touchTrading(state);
}

/** As plain JSON. */
export function writeOutside(state: EngineState): z.infer<typeof outsideSchema> {
  return {
    fills: [...state.outsideFills.values()].map(({ held, bought, fillIds, ...deed }) => {
      return { ...deed, held: decimalText(held), bought: decimalText(bought), fillIds: [...fillIds] };
    }),
    takenAway: [...state.takenAway.values()].map((order) => {
      return { ...order, quantity: decimalText(order.quantity) };
    }),
    stops: [...state.stopsMoved.values()].map(({ instrumentId, from, to }) => {
      return { instrumentId, from: decimalText(from), to: decimalText(to) };
    }),
    orders: state.strangeOrders.map((order) => {
      return { ...order, quantity: decimalText(order.quantity), price: textOrNull(order.price) };
    }),
  };
}

function isFull({ size }: { readonly size: number }): boolean {
  return size >= KEPT_MAX;
}
