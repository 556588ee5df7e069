import type { ExchangePosition } from '../domain/position.ts';
import { isHeld } from '../position/holding.ts';
import type { Decision } from './decision.ts';
import type { PositionsStated } from './event.ts';
import { guardByPrice } from './guard.ts';
import { keepStop } from './keep-stop.ts';
import { ladderOf } from './ladder.ts';
import { unseenQuantity } from './ladder-rungs.ts';
import type { OpenPosition } from './open-position.ts';
import { protectStop } from './protect.ts';
import { readStop } from './read-stop.ts';
import type { EngineState } from './state.ts';

/** A pushed price this young is newer than that of a reading, ms. */
const PUSHED_MS_MAX = 5_000;

/** What the exchange states of one position of ours. */
interface StatedRow {
  readonly row: ExchangePosition;
  readonly asOfMs: number;
  readonly out: Decision[];
}

/**
 * Keeps the stops of what a list of positions states, whether or not anything else of the account can be read. What the
 * list lacks, and quantities, are left to the reading of the whole account: without fills nothing can be said of them.
 */
export function applyPositions(state: EngineState, event: PositionsStated, out: Decision[]): void {
  const { positions, asOfMs } = event;
  if (state.account !== null && asOfMs < state.account.asOfMs) return;
  for (const position of [...state.positions.values()]) {
    const row = rowOf(positions, position);
    if (row === undefined || isBeforeFill(state, position, asOfMs) || !isProven(state, position, row))
      continue;
    keepAsStated(state, position, { row, asOfMs, out });
  }
}

/** The row of a position of ours; a position the other way is none of it. */
export function rowOf(
  rows: readonly ExchangePosition[],
  { instrumentId, holding }: OpenPosition,
): ExchangePosition | undefined {
  return rows.find((row) => row.instrumentId === instrumentId && row.direction === holding.direction);
}

/** True for a reading that cannot know of the newest fill. */
export function isBeforeFill(state: EngineState, { instrumentId }: OpenPosition, asOfMs: number): boolean {
  return asOfMs <= (state.lastFills.get(instrumentId) ?? 0);
}

/**
 * Ours by its fills, or by the exchange's word that the entry filled. Before either, one no larger than was ordered
 * is taken for the entry; a larger one is, at least in part, a person's, whose levels are not touched. Rungs that rest
 * for hours prove nothing: each brings its own stop when it fills.
 */
export function isProven(
  state: EngineState,
  position: OpenPosition,
  { quantity }: ExchangePosition,
): boolean {
  if (isHeld(position.holding)) return true;
  const ladder = ladderOf(state, position);
  if (ladder !== null) return quantity.lessThanOrEqualTo(unseenQuantity(state, ladder));
  const entry = state.orders.get(position.entryOrderId);
  return entry !== undefined && (entry.state === 'filled' || quantity.lessThanOrEqualTo(entry.quantity));
}

/**
 * Level-triggered care by one row: price and stop. What is missing is sent for once: by the time the same row is told with
 * the whole account the exchange may have it, or a person may have set something tighter.
 */
export function keepAsStated(state: EngineState, position: OpenPosition, stated: StatedRow): void {
  const { row, asOfMs, out } = stated;
  const { readMs } = position;
  // The whole account may take long: positions alone were read since.
  if (readMs !== null && asOfMs < readMs) return;
  const isTold = asOfMs === readMs;
  readStop(state, position, stated);
  const markPrice = newestMarkPrice(state, row);
  guardByPrice(state, position, { markPrice, lastPrice: null }, out);
  if (!isTold) protectStop(state, position, out);
  keepStop(state, position, out);
}

/**
 * A reading takes its time, and a stop that has followed the price since is not met by the one before: a price that has
 * just come counts for more.
 */
function newestMarkPrice(
  { markets, timeMs }: EngineState,
  { instrumentId, markPrice }: ExchangePosition,
): number {
  const stated = markPrice.toNumber();
  const market = markets.get(instrumentId);
  if (market === undefined) return stated;
  const pushed = timeMs - market.priceMs <= PUSHED_MS_MAX ? market.markPrice : null;
  market.markPrice = pushed ?? stated;
  return market.markPrice;
}
