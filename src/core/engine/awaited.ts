import { type Decimal, decimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import { heldQuantity } from '../position/holding.ts';
import { isAnswered } from './absence.ts';
import { isDoubtful } from './doubt.ts';
import { isLive, isResting, type OpenPosition } from './open-position.ts';
import type { EngineState } from './state.ts';

/** Something whose fills are not all told, as far as we know. */
interface AwaitedFills {
  readonly instrumentId: InstrumentId;
  /** Fills from then on may be missing. */
  readonly placedMs: number;
}

/** What the exchange's list of positions must show. */
export interface ExpectedPosition {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly quantity: Decimal;
  /** About what it binds of the wallet. */
  readonly margin: Decimal;
  /** Exchange time of the newest fill of ours on the instrument; a list from before it may not show it. */
  readonly filledMs: number;
}

/** What the next reading of the account must look for. */
export interface AwaitedOfAccount {
  /** Of orders, but those that rest in the book, and of positions in doubt. */
  readonly fills: readonly AwaitedFills[];
  /** Positions of ours, and entries that should have filled by now. */
  readonly positions: readonly ExpectedPosition[];
}

/** What the engine holds, or waits for, that a reading of the account must tell of. */
export function awaitedOf(state: EngineState): AwaitedOfAccount {
  const orders = [...state.orders.values()].filter((order) => isLive(order) && !isResting(order));
  const positions = [...state.positions.values()];
  const doubtful = positions.filter(isDoubtful).map((position) => {
    const { instrumentId, statedMs, openedMs } = position;
    return { instrumentId, placedMs: state.lastFills.get(instrumentId) ?? statedMs ?? openedMs };
  });
  return {
    fills: [...orders, ...doubtful],
    positions: positions.flatMap((position) => expectedOf(state, position) ?? []),
  };
}

function expectedOf(state: EngineState, position: OpenPosition): ExpectedPosition | null {
  const { instrumentId, holding, entry } = position;
  const quantity = expectedQuantity(state, position);
  if (quantity === null) return null;
  const known = state.markets.get(instrumentId)?.price ?? null;
  const price = known === null ? entry.referencePrice : decimal(known);
  return {
    instrumentId,
    direction: holding.direction,
    quantity,
    margin: quantity.times(price).dividedBy(entry.leverage),
    filledMs: state.lastFills.get(instrumentId) ?? 0,
  };
}

/** Null for an entry that has not filled and need not have. */
function expectedQuantity(state: EngineState, { holding, entryOrderId }: OpenPosition): Decimal | null {
  const held = heldQuantity(holding);
  if (!held.isZero()) return held;
  const entry = state.orders.get(entryOrderId);
  if (entry === undefined || entry.ladderId !== null || !isAnswered(entry, state.timeMs)) return null;
  return entry.quantity;
}
