import { type Decimal, decimalText } from '../base/decimal.ts';
import type { Difference, DifferenceKind, DifferenceScope } from '../domain/difference.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { heldQuantity, isHeld } from '../position/holding.ts';
import { isTighter } from '../risk/stop-price.ts';
import { ABSENCES_MIN } from './doubt.ts';
import type { AccountSnapshot } from './event.ts';
import { READING_LAG_MS } from './foreign.ts';
import { isLive, type OpenPosition } from './open-position.ts';
import { heldOn } from './outside.ts';
import type { OutsideFills } from './outside-memory.ts';
import { type EngineState, touchTrading } from './state.ts';
import { rowOf } from './stated-positions.ts';
import { isSurelyNotEnded, strangeText } from './strange-orders.ts';
import { isBeyondStop } from './wanted-levels.ts';

const NONE = 'none';

/** A stop that was never seen may be on its way for so long, ms. */
const STOP_SETTING_MS = 5_000;

/**
 * What a reading says otherwise than we do, once it is applied. What others did since the reading before is accounted
 * for here, and forgotten.
 */
export function noteDifferences(state: EngineState, event: AccountSnapshot): void {
  const { asOfMs, orders, marginMode } = event;
  const scopes: DifferenceScope[] = ['position', 'fill', 'stop', 'leverage'];
  const unseen = unseenPositions(state, event);
  const differences = [
    ...heldDifferences(state, event, unseen),
    ...positionDifferences(state, event),
    ...missingFills(state),
  ];
  if (orders !== null && orders !== undefined) {
    scopes.push('order');
    differences.push(...orderDifferences(state, orders.asOfMs));
  }
  if (marginMode !== null && marginMode !== undefined) {
    scopes.push('margin-mode');
    const wanted = state.settings.risk.marginMode;
    const about = { scope: 'margin-mode', about: 'account', instrumentId: null } as const;
    if (marginMode !== wanted)
      differences.push({
        kind: 'margin-mode-differs',
        ...about,
        ours: wanted,
        theirs: marginMode,
        fillIds: [],
      });
  }
  state.compared = { asOfMs, scopes, differences, unseen };
}

/** What we hold and the list lacks, or may show as it was before a fill. */
function unseenPositions(
  state: EngineState,
  { positions, asOfMs }: AccountSnapshot,
): ReadonlySet<InstrumentId> {
  const unseen = [...state.positions.values()].filter((position) => {
    const isTold = rowOf(positions, position) !== undefined && !lags(state, position.instrumentId, asOfMs);
    return isHeld(position.holding) && !isTold;
  });
  return new Set(unseen.map(({ instrumentId }) => instrumentId));
}

/** Stop and leverage of what both sides hold. */
function heldDifferences(
  state: EngineState,
  { positions }: AccountSnapshot,
  unseen: ReadonlySet<InstrumentId>,
): readonly Difference[] {
  const found: Difference[] = [];
  for (const position of state.positions.values()) {
    const row = rowOf(positions, position);
    if (row === undefined || !isHeld(position.holding) || unseen.has(row.instrumentId)) continue;
    const stop = stopDifference(state, position, row);
    if (stop !== null) found.push(stop);
    if (row.leverage !== position.entry.leverage) found.push(leverageDifference(position, row));
  }
  for (const instrumentId of state.stopsMoved.keys())
    if (!unseen.has(instrumentId)) state.stopsMoved.delete(instrumentId);
  return found;
}

function stopDifference(
  state: EngineState,
  position: OpenPosition,
  { stopPrice: theirs }: ExchangePosition,
): Difference | null {
  const { stopPrice: ours, confirmedStopPrice, instrumentId, stopWatch } = position;
  // On its way out the stop goes with the position.
  if (isBeyondStop(state, position) || position.state === 'closing') return null;
  if (theirs === null) {
    const late = state.timeMs - (stopWatch.sinceMs ?? state.timeMs) > STOP_SETTING_MS;
    return confirmedStopPrice !== null || late
      ? differenceOf('stop-missing', 'stop', instrumentId, [decimalText(ours), NONE])
      : null;
  }
  const moved = state.stopsMoved.get(instrumentId);
  const isLooser = isPulledLooser(state, position, theirs);
  if (moved === undefined && !isLooser) return null;
  const words = [decimalText(isLooser ? ours : (moved?.from ?? ours)), decimalText(theirs)] as const;
  return differenceOf('stop-differs', 'stop', instrumentId, words);
}

/** Looser than what was confirmed, and not by our own doing. */
function isPulledLooser(state: EngineState, position: OpenPosition, theirs: Decimal): boolean {
  const { confirmedStopPrice, holding } = position;
  const isLooser = confirmedStopPrice !== null && isTighter(confirmedStopPrice, theirs, holding.direction);
  return isLooser && !isBroughtByRung(state, position, theirs);
}

/** Each rung brings the stop of its ladder when it fills: the exchange lets it stand in place of a tighter one. */
function isBroughtByRung(
  { orders, lastFills }: EngineState,
  { instrumentId, stopConfirmedMs }: OpenPosition,
  stopPrice: Decimal,
): boolean {
  if ((lastFills.get(instrumentId) ?? 0) <= (stopConfirmedMs ?? 0)) return false;
  return [...orders.values()].some(
    ({ instrumentId: id, entry, ladderId, filledQuantity }) =>
      id === instrumentId &&
      ladderId !== null &&
      !filledQuantity.isZero() &&
      entry?.stopPrice.equals(stopPrice),
  );
}

function leverageDifference({ instrumentId, entry }: OpenPosition, row: ExchangePosition): Difference {
  return differenceOf('leverage-differs', 'leverage', instrumentId, [
    `${entry.leverage}x`,
    `${row.leverage}x`,
  ]);
}

/** One of each instrument: what is held there, else what others have done to it. */
function positionDifferences(state: EngineState, event: AccountSnapshot): readonly Difference[] {
  const found = new Map<InstrumentId, Difference>();
  const deeds = takeDue(state, event.asOfMs);
  for (const position of state.positions.values()) {
    const difference = heldDifference(position);
    if (difference !== null) found.set(position.instrumentId, difference);
  }
  for (const row of state.foreign) {
    const { instrumentId, missingMs } = row;
    if (missingMs === null)
      found.set(instrumentId, foreignDifference(state, row, deeds.get(instrumentId) ?? null));
  }
  for (const deed of deeds.values()) {
    const { instrumentId, fillIds } = deed;
    const row = event.positions.find((candidate) => candidate.instrumentId === instrumentId) ?? null;
    found.set(instrumentId, { ...(found.get(instrumentId) ?? deedDifference(state, deed, row)), fillIds });
  }
  return [...found.values()];
}

/** Our fills add up to more, or less, than is stated, and none says why. */
function heldDifference({ instrumentId, holding, absence, driftQuantity }: OpenPosition): Difference | null {
  if (!isHeld(holding)) return null;
  const { direction } = holding;
  const ours = `${direction} ${decimalText(heldQuantity(holding))}`;
  if (absence !== null && absence.count >= ABSENCES_MIN)
    return differenceOf('position-missing', 'position', instrumentId, [ours, NONE]);
  if (driftQuantity === null) return null;
  const words = [ours, `${direction} ${decimalText(driftQuantity)}`] as const;
  return differenceOf('quantity-differs', 'position', instrumentId, words);
}

function foreignDifference(state: EngineState, row: ExchangePosition, deed: OutsideFills | null): Difference {
  const { instrumentId, direction } = row;
  const held = heldOn(state, instrumentId) ?? deed;
  const before = held?.direction ?? null;
  const kind = before !== null && before !== direction ? 'side-flipped' : 'position-foreign';
  return differenceOf(kind, 'position', instrumentId, [heldText(held), rowText(row)]);
}

/** What fills of others have come to where everything agrees again. */
function deedDifference(state: EngineState, deed: OutsideFills, row: ExchangePosition | null): Difference {
  const { instrumentId, direction, bought } = deed;
  if (direction === null) {
    const traded = bought.isNegative()
      ? `sold ${decimalText(bought.negated())}`
      : `bought ${decimalText(bought)}`;
    return differenceOf('fill-unknown', 'position', instrumentId, [NONE, traded]);
  }
  const kind = heldOn(state, instrumentId) === null ? 'position-missing' : 'quantity-differs';
  return differenceOf(kind, 'position', instrumentId, [heldText(deed), row === null ? NONE : rowText(row)]);
}

/** Takes what others did early enough for a reading to show it. */
function takeDue(state: EngineState, asOfMs: number): ReadonlyMap<InstrumentId, OutsideFills> {
  const due = new Map([...state.outsideFills].filter(([, { lastMs }]) => asOfMs > lastMs + READING_LAG_MS));
  for (const instrumentId of due.keys()) state.outsideFills.delete(instrumentId);
  if (due.size > 0) touchTrading(state);
  return due;
}

function missingFills({ orders }: EngineState): readonly Difference[] {
  return [...orders.values()]
    .filter((order) => order.fillsMissing && isLive(order))
    .map(({ clientOrderId, instrumentId, filledQuantity, quantity }) => {
      const words = [`${decimalText(filledQuantity)} filled`, `${decimalText(quantity)} filled`] as const;
      return { ...differenceOf('fill-missing', 'fill', instrumentId, words), about: clientOrderId };
    });
}

function orderDifferences(state: EngineState, asOfMs: number): readonly Difference[] {
  const strange = state.strangeOrders.flatMap((order) => {
    if (order.ended && !isSurelyNotEnded(order, asOfMs)) return [];
    const kind = order.ended ? 'order-not-ended' : 'order-foreign';
    const words = [order.ended ? 'over' : NONE, strangeText(order)] as const;
    return [{ ...differenceOf(kind, 'order', order.instrumentId, words), about: order.exchangeOrderId }];
  });
  const takenAway = [...state.takenAway.values()].map(({ clientOrderId, instrumentId, quantity, word }) => {
    const words = [
      `${decimalText(quantity)} resting`,
      word === '' ? 'cancelled' : `cancelled: ${word}`,
    ] as const;
    return { ...differenceOf('order-missing', 'order', instrumentId, words), about: clientOrderId };
  });
  if (takenAway.length > 0) touchTrading(state);
  state.takenAway.clear();
  return [...strange, ...takenAway];
}

function differenceOf(
  kind: DifferenceKind,
  scope: DifferenceScope,
  instrumentId: InstrumentId,
  [ours, theirs]: readonly [string, string],
): Difference {
  return { kind, scope, about: instrumentId, instrumentId, ours, theirs, fillIds: [] };
}

/** A reading soon after a fill may be from before it. */
function lags({ lastFills, outsideFills }: EngineState, instrumentId: InstrumentId, asOfMs: number): boolean {
  const filledMs = Math.max(lastFills.get(instrumentId) ?? 0, outsideFills.get(instrumentId)?.lastMs ?? 0);
  return asOfMs <= filledMs + READING_LAG_MS;
}

function heldText(held: Pick<OutsideFills, 'direction' | 'held'> | null): string {
  return held === null || held.direction === null ? NONE : `${held.direction} ${decimalText(held.held)}`;
}

function rowText({ direction, quantity }: ExchangePosition): string {
  return `${direction} ${decimalText(quantity)}`;
}
