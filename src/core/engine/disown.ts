import { decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { directionSign } from '../domain/order.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { entryPriceOf, heldQuantity, realisedGross } from '../position/holding.ts';
import { pausedBot } from './bot.ts';
import type { Decision } from './decision.ts';
import { followSeriesOf } from './held-series.ts';
import type { OpenPosition } from './open-position.ts';
import { type EngineState, liveOrder, notify, requestSnapshot, textOrNull, touchTrading } from './state.ts';

/**
 * Gives a position of ours up: it is foreign from now on and nothing of ours guards it; the stop that rests at the
 * exchange stays there. Its bot is paused, Auto Bot's goes. It is no closed position: what was realised is told in the
 * notice. Refused without a reason and while an order on it is on its way. The error says why, in a sentence.
 */
export function disownPosition(
  state: EngineState,
  instrumentId: InstrumentId,
  { actor, reason, out }: { readonly actor: string; readonly reason: string; readonly out: Decision[] },
): Result<string, string> {
  const position = state.positions.get(instrumentId);
  if (position === undefined) return err(`No position of ours is open on ${instrumentId}.`);
  if (reason.trim() === '') return err('Giving a position up takes a reason.');
  if (state.ladders.has(instrumentId))
    return err(`The ladder on ${instrumentId} still has orders; stop its bot, which takes them back, first.`);
  if (position.state !== 'open' || liveOrder(state, instrumentId) !== null)
    return err(`An order on ${instrumentId} is on its way; wait for its end.`);
  const row = foreignRowOf(state, position);
  if (row === null) return err(`The entry on ${instrumentId} is still on its way.`);
  letGo(state, row);
  const stop =
    row.stopPrice === null ? 'no stop rests there' : `the stop at ${textOrNull(row.stopPrice)} stays`;
  const message = `The ${row.direction} on ${instrumentId} is no longer ours and is not guarded; ${stop}.`;
  const { entryOrderId: clientOrderId, holding } = position;
  const detail = {
    clientOrderId,
    direction: row.direction,
    quantity: decimalText(row.quantity),
    entryPrice: decimalText(row.entryPrice),
    stopPrice: textOrNull(row.stopPrice),
    realisedPnl: decimalText(realisedGross(holding).minus(holding.fees)),
    ...{ actor, reason },
  };
  out.push(notify('critical', 'engine.position.disowned', { instrumentId, message, detail }));
  requestSnapshot('position-disowned', out);
  return ok(message);
}

/** The position as the next reading will state it, so that no entry comes in between. Null before its first fill. */
function foreignRowOf(state: EngineState, position: OpenPosition): ExchangePosition | null {
  const { instrumentId, holding, entry } = position;
  const entryPrice = entryPriceOf(holding);
  if (entryPrice === null) return null;
  const quantity = heldQuantity(holding);
  const known = state.markets.get(instrumentId)?.markPrice ?? null;
  const markPrice = known === null ? entryPrice : decimal(known);
  const move = markPrice.minus(entryPrice).times(directionSign(holding.direction));
  return {
    ...{ instrumentId, direction: holding.direction, quantity, entryPrice, markPrice },
    leverage: entry.leverage,
    stopPrice: position.exchangeStopPrice,
    takeProfitPrice: position.exchangeTakeProfitPrice,
    liquidationPrice: null,
    unrealisedPnl: move.times(quantity),
  };
}

function letGo(state: EngineState, row: ExchangePosition): void {
  const { instrumentId } = row;
  state.positions.delete(instrumentId);
  state.foreign = [...state.foreign, { ...row, missingMs: null }];
  // Its fills are no reason any more to doubt a reading that states it.
  state.lastFills.delete(instrumentId);
  const bot = state.bots.get(instrumentId);
  if (bot?.origin === 'auto') state.bots.delete(instrumentId);
  else if (bot !== undefined) state.bots.set(instrumentId, pausedBot({ ...bot, single: false }, 'conflict'));
  followSeriesOf(state, instrumentId);
  touchTrading(state);
}
