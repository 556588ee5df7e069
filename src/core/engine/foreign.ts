import { decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { heldQuantity } from '../position/holding.ts';
import { pausedBot } from './bot.ts';
import type { Decision } from './decision.ts';
import { APART_MS } from './doubt.ts';
import type { AccountSnapshot } from './event.ts';
import type { OpenPosition } from './open-position.ts';
import { type EngineState, type ForeignPosition, notify, textOrNull, touchTrading } from './state.ts';

/** How far a reading may lag behind the fills it should show, ms. */
export const READING_LAG_MS = 2_000;

/** Lists what is not ours, tells of it once, and never touches it. A bot on its instrument is paused. */
export function noteForeign(
  state: EngineState,
  { positions, asOfMs }: AccountSnapshot,
  out: Decision[],
): void {
  const stated = positions.filter((row) => isForeign(state, row, asOfMs));
  for (const row of stated) {
    if (!isTold(state, row) || forgetChanged(state, row)) tellForeign(row, out);
    pauseForConflict(state, row, out);
  }
  const foreign = [
    ...stated.map((row) => ({ ...row, missingMs: null })),
    ...missingOnce(state, positions, asOfMs),
  ];
  for (const id of state.ignored.keys()) {
    if (!foreign.some((row) => row.instrumentId === id)) state.ignored.delete(id);
  }
  const changed = foreign.length > 0 || state.foreign.length > 0;
  state.foreign = foreign;
  if (changed) touchTrading(state);
}

/** One list may lack what is there: a foreign position is over when two lists apart name its instrument no more. */
function missingOnce(
  { foreign }: EngineState,
  positions: readonly ExchangePosition[],
  asOfMs: number,
): readonly ForeignPosition[] {
  const listed = new Set(positions.map(({ instrumentId }) => instrumentId));
  return foreign
    .filter(({ instrumentId }) => !listed.has(instrumentId))
    .map((known) => ({ ...known, missingMs: known.missingMs ?? asOfMs }))
    .filter(({ missingMs }) => asOfMs < missingMs + APART_MS);
}

/** The foreign positions on an instrument at the last reading; two only where the account keeps both directions. */
export function foreignOn(state: EngineState, instrumentId: InstrumentId): readonly ForeignPosition[] {
  return state.foreign.filter((row) => row.instrumentId === instrumentId);
}

/** Has a foreign position told no more until it changes. Gives the answer for a person; the error says why not. */
export function ignoreForeign(
  state: EngineState,
  instrumentId: InstrumentId,
  by: { readonly actor: string; readonly reason: string },
): Result<string, string> {
  const [row, second] = foreignOn(state, instrumentId);
  if (row === undefined) return err(`The exchange holds no position on ${instrumentId} that is not ours.`);
  if (second !== undefined) return err(twoSidedText(instrumentId));
  const { direction, quantity } = row;
  const { actor, reason } = by;
  state.ignored.set(instrumentId, { instrumentId, direction, quantity, actor, timeMs: state.timeMs, reason });
  touchTrading(state);
  const size = decimalText(quantity);
  return ok(`The ${direction} of ${size} on ${instrumentId} is told no more until it changes.`);
}

/** What a person is told of an instrument with a long and a short at once. */
export function twoSidedText(instrumentId: InstrumentId): string {
  return (
    `The account holds a long and a short on ${instrumentId} at once (hedge mode). ` +
    'Close one of them at the exchange and put the account into one-way mode first.'
  );
}

/** Pauses the bot of an instrument somebody else trades: our orders would change what is theirs. */
function pauseForConflict(
  state: EngineState,
  { instrumentId, direction }: ExchangePosition,
  out: Decision[],
) {
  const bot = state.bots.get(instrumentId);
  if (bot === undefined || bot.paused) return;
  state.bots.set(instrumentId, pausedBot(bot, 'conflict'));
  const message =
    `The bot on ${instrumentId} is paused: the exchange holds a ${direction} there that is not ours. ` +
    'Adopt it or close it, then start the bot.';
  out.push(notify('warning', 'engine.bot.conflict', { instrumentId, message, detail: { direction } }));
}

/** True when a person ignored it and it is no longer what they ignored. */
function forgetChanged(state: EngineState, { instrumentId, direction, quantity }: ExchangePosition): boolean {
  const ignored = state.ignored.get(instrumentId);
  if (ignored === undefined) return false;
  if (ignored.direction === direction && ignored.quantity.equals(quantity)) return false;
  return state.ignored.delete(instrumentId);
}

/** A reading soon after a fill of ours may still state what the fill ended; what was foreign before stays foreign. */
function isForeign(state: EngineState, row: ExchangePosition, asOfMs: number): boolean {
  const ours = state.positions.get(row.instrumentId);
  if (ours !== undefined && row.direction === ours.holding.direction) return isUnfilled(ours, row, asOfMs);
  if (isTold(state, row)) return true;
  return asOfMs > (state.lastFills.get(row.instrumentId) ?? 0) + READING_LAG_MS;
}

/** Nothing of ours has filled there, and two readings apart state the same: what rests of ours did not make it. */
function isUnfilled(
  { holding, driftQuantity, driftMs }: OpenPosition,
  { quantity }: ExchangePosition,
  asOfMs: number,
): boolean {
  if (!heldQuantity(holding).isZero() || driftQuantity?.equals(quantity) !== true) return false;
  return driftMs !== null && asOfMs >= driftMs + READING_LAG_MS;
}

function isTold({ foreign }: EngineState, { instrumentId, direction }: ExchangePosition): boolean {
  return foreign.some((known) => known.instrumentId === instrumentId && known.direction === direction);
}

function tellForeign(row: ExchangePosition, out: Decision[]): void {
  const { instrumentId, direction } = row;
  const detail = { direction, quantity: decimalText(row.quantity), stopPrice: textOrNull(row.stopPrice) };
  const message = `The exchange holds a ${direction} on ${instrumentId} that is not ours; it stays untouched.`;
  out.push(notify('warning', 'engine.position.foreign', { instrumentId, message, detail }));
}
