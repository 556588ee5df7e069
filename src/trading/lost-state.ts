import { type Decimal, parseDecimal, ZERO } from '../core/base/decimal.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import { type Direction, parseClientOrderId } from '../core/domain/order.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import { parseTimeframe, type Timeframe } from '../core/domain/timeframe.ts';
import type { Trend } from '../core/domain/trend.ts';
import type { EntryNote } from '../core/engine/open-position.ts';
import type { RememberedEntry } from '../core/engine/rebuild.ts';
import type { IntentRow, LastEntry } from '../store/intent-row.ts';

/** What the exchange states while our own state is lost. */
export interface Found {
  readonly positions: readonly ExchangePosition[];
  readonly instruments: readonly Instrument[];
  /** Of the cancelled entries, those that filled in part as their fills tell: ids. */
  readonly partlyFilled: ReadonlySet<string>;
  /** For rows of versions that did not journal the timeframe. */
  readonly timeframe: Timeframe;
}

/** Which entries of the journal are ours to take up again, and which cannot be. */
export interface Regained {
  readonly entries: readonly RememberedEntry[];
  /** Ids of orders whose position may be open and cannot be guarded from here. */
  readonly given: readonly string[];
}

/**
 * Finds, among the newest entries whose end is not recorded, those to take up again: all but the cancelled ones
 * that filled nothing. One filled in part where its fills say so, for its position may be over by now, or where the
 * exchange holds a position in its direction that is smaller than the order. A larger one is a person's at least in
 * part: it is theirs to judge.
 */
export function regainEntries(newest: readonly LastEntry[], found: Found): Regained {
  const entries: RememberedEntry[] = [];
  const given: string[] = [];
  for (const row of newest) {
    const position = positionOf(row, found);
    if (position === undefined && row.state === 'cancelled' && !found.partlyFilled.has(row.clientOrderId))
      continue;
    const entry = isLarger(newest, row, position) ? null : rememberedEntry(row, position ?? null, found);
    if (entry === null) given.push(row.clientOrderId);
    else entries.push(entry);
  }
  return { entries, given };
}

/** Cancelled entries whose instruments are held no more in their direction: only their fills tell whether they had any. */
export function endedUnseen(
  newest: readonly IntentRow[],
  found: Pick<Found, 'positions'>,
): readonly IntentRow[] {
  return newest.filter((row) => row.state === 'cancelled' && positionOf(row, found) === undefined);
}

function positionOf(row: IntentRow, { positions }: Pick<Found, 'positions'>): ExchangePosition | undefined {
  return positions.find(
    ({ instrumentId, direction }) => instrumentId === row.instrumentId && direction === row.direction,
  );
}

/** Of a ladder, the other rungs may have made the position as well. */
function isLarger(
  newest: readonly IntentRow[],
  { state, quantity, ladderId }: IntentRow,
  position: ExchangePosition | undefined,
): boolean {
  if (state !== 'cancelled' || position === undefined) return false;
  const rungs = newest.filter((other) => ladderId !== null && other.ladderId === ladderId);
  const ordered = parseDecimal(quantity);
  if (ordered === null) return false;
  const whole = rungs.reduce((sum, rung) => sum.plus(parseDecimal(rung.quantity) ?? 0), ZERO);
  return position.quantity.greaterThanOrEqualTo(rungs.length > 1 ? whole : ordered);
}

/** Null for an instrument the exchange no longer names, or a row that does not say what an entry must say. */
function rememberedEntry(
  row: LastEntry,
  position: ExchangePosition | null,
  { instruments, timeframe }: Found,
): RememberedEntry | null {
  const instrument = instruments.find(({ id }) => id === row.instrumentId);
  const clientOrderId = parseClientOrderId(row.clientOrderId);
  const direction = directionOf(row.direction);
  const quantity = parseDecimal(row.quantity);
  const entry = entryNote(row, position, timeframe);
  if (instrument === undefined || clientOrderId === null) return null;
  if (direction === null || quantity === null || entry === null) return null;
  const ladderId = row.ladderId === null ? null : parseClientOrderId(row.ladderId);
  const { over, createdMs: placedMs } = row;
  const booked = { over: over !== null, bookedQuantity: decimalOrNull(over?.quantity ?? null) ?? ZERO };
  return { instrument, clientOrderId, direction, quantity, placedMs, entry, ladderId, ...booked };
}

/** Rows of earlier versions hold no more than the stop; the position at the exchange says the rest. */
function entryNote(
  row: IntentRow,
  position: ExchangePosition | null,
  timeframe: Timeframe,
): EntryNote | null {
  const stopPrice = decimalOrNull(row.stopPrice);
  if (stopPrice === null) return null;
  return {
    timeframe: (row.timeframe === null ? null : parseTimeframe(row.timeframe)) ?? timeframe,
    rsi: row.entryRsi,
    trend: trendOf(row.entryTrend),
    leverage: row.leverage ?? position?.leverage ?? 1,
    stopPrice,
    takeProfitPrice: decimalOrNull(row.takeProfitPrice),
    referencePrice: decimalOrNull(row.referencePrice) ?? position?.entryPrice ?? stopPrice,
  };
}

function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : parseDecimal(text);
}

function directionOf(text: string): Direction | null {
  return text === 'long' || text === 'short' ? text : null;
}

function trendOf(text: string | null): Trend | null {
  return text === 'up' || text === 'down' || text === 'neutral' ? text : null;
}
