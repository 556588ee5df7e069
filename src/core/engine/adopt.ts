import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { entrySide } from '../domain/order.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { applyFill } from '../position/apply-fill.ts';
import { tighterStop } from '../position/desired-stop.ts';
import { emptyHolding } from '../position/holding.ts';
import { isTighter, stopPriceFrom, takeProfitPriceFrom } from '../risk/stop-price.ts';
import { exposure } from './account-load.ts';
import { singleBot } from './bot.ts';
import { clientOrderId, type Lease } from './client-order-id.ts';
import type { Decision } from './decision.ts';
import type { Command, CommandReceived } from './event.ts';
import { isOccupied } from './explain.ts';
import { foreignOn, twoSidedText } from './foreign.ts';
import { endingNow } from './guard.ts';
import { followSeriesOf } from './held-series.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { type EntryNote, type OpenPosition, openingPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, nextOrderId, notify, requestSnapshot, slotsUsed, touchTrading } from './state.ts';
import { IDLE_WATCH, watchReading } from './stop-watch.ts';

type Adopt = Extract<Command, { kind: 'adopt-position' }>;

/** Stands where a fill of ours would: the round trip began with the exchange's statement. */
const OPENING_ID = 'adopted';

/** What an adoption is made from. */
interface Ground {
  readonly row: ExchangePosition;
  readonly market: InstrumentMarket;
  readonly lease: Lease;
  /** Exchange time of the reading that states it. */
  readonly readMs: number;
}

/**
 * Makes a foreign position ours as the newest reading states it: from now on it is guarded like one we entered. A stop
 * that rests at the exchange and is tighter than ours is kept, a nearer take-profit too; else ours are sent in the
 * step of the next reading, which is asked for at once, and read back. Slots and exposure are told and refuse nothing, for the position is there either way and protection comes
 * first. Refused where the rules would end it at once. The error says why, in a sentence.
 */
export function adoptPosition(
  state: EngineState,
  { command, actor, reason }: CommandReceived & { readonly command: Adopt },
  out: Decision[],
): Result<string, string> {
  const { instrumentId } = command;
  const ground = groundOf(state, command);
  if (!ground.ok) return ground;
  const { row, market } = ground.value;
  const position = adoptedPosition(state, ground.value, command);
  const markPrice = row.markPrice.toNumber();
  const ending = endingNow(state, position, { markPrice, lastPrice: market.price ?? markPrice });
  if (ending !== null) {
    const { code, value, threshold } = ending;
    const what = `${code} (${value} against ${threshold})`;
    return err(
      `Our rules would close ${instrumentId} at once: ${what}. Change its settings or close it by hand.`,
    );
  }
  takeOver(state, ground.value, position);
  const told = limitsText(state, ground.value, position);
  const message = `The ${row.direction} on ${instrumentId} is ours now: ${toldText(position)}.${told}`;
  const detail = { ...detailOf(position), actor, reason };
  out.push(notify('warning', 'engine.position.adopted', { instrumentId, message, detail }));
  requestSnapshot('position-adopted', out);
  return ok(message);
}

function groundOf(state: EngineState, { instrumentId, readMs, quantity }: Adopt): Result<Ground, string> {
  const { account, lease } = state;
  const market = state.markets.get(instrumentId);
  const [row, second] = foreignOn(state, instrumentId);
  if (market === undefined) return err(`${instrumentId} is not known here.`);
  if (lease === null) return err('No lease of the account is held.');
  if (account === null || account.asOfMs < readMs) return err('The account was not read since you asked.');
  if (isOccupied(state, instrumentId) || state.ladders.has(instrumentId))
    return err(`A position or an order of ours holds ${instrumentId}.`);
  if (row === undefined) return err(`The exchange holds no position on ${instrumentId} that is not ours.`);
  if (second !== undefined) return err(twoSidedText(instrumentId));
  if (row.missingMs !== null) return err(`The exchange's newest list lacks the position on ${instrumentId}.`);
  if (quantity === null || !row.quantity.equals(quantity))
    return err(`The position on ${instrumentId} has changed since it was read; try again.`);
  return ok({ row, market, lease, readMs: account.asOfMs });
}

function adoptedPosition(state: EngineState, ground: Ground, { openedMs, fees }: Adopt): OpenPosition {
  const { row, market, lease, readMs } = ground;
  const { instrumentId, direction, quantity, entryPrice: price } = row;
  const levels = levelsOf(state, row, market.instrument);
  const entry: EntryNote = {
    timeframe: state.settings.timeframe,
    rsi: null,
    trend: null,
    leverage: row.leverage,
    stopPrice: levels.stopPrice,
    takeProfitPrice: levels.takeProfitPrice,
    referencePrice: price,
  };
  const id = clientOrderId(lease);
  const side = entrySide(direction);
  const opened = openedMs ?? state.timeMs;
  return {
    ...openingPosition({ clientOrderId: id, instrumentId, direction, entry }, opened),
    holding: applyFill(emptyHolding(direction), { side, price, quantity, fee: fees }),
    steps: [{ fillId: null, timeMs: opened, held: quantity }],
    state: 'open',
    openingFillId: OPENING_ID,
    statedMs: readMs,
    stopKind: levels.stopKind,
    exchangeStopPrice: row.stopPrice,
    exchangeTakeProfitPrice: row.takeProfitPrice,
    readMs,
    stopConfirmedMs: levels.stopKind === 'exchange' ? readMs : null,
    stopWatch: watchReading(IDLE_WATCH, levels.stopKind === 'exchange', state.timeMs),
  };
}

function levelsOf(
  state: EngineState,
  { direction, entryPrice: price, stopPrice: resting, takeProfitPrice: restingTake }: ExchangePosition,
  instrument: Instrument,
): Pick<OpenPosition, 'stopPrice' | 'stopKind' | 'takeProfitPrice'> {
  const { stopLossPct, takeProfitPct } = settingsOf(state, instrument.id).exit;
  const level = { price, direction, instrument };
  const ours = stopPriceFrom({ ...level, pct: stopLossPct });
  const stopPrice = tighterStop(ours, resting, direction);
  const kept = resting !== null && stopPrice.equals(resting);
  const take = takeProfitPct === null ? null : takeProfitPriceFrom({ ...level, pct: takeProfitPct });
  const takeProfitPrice = take === null ? null : nearerTake(take, restingTake, direction);
  return { stopPrice, stopKind: kept ? 'exchange' : 'initial', takeProfitPrice };
}

function nearerTake(
  ours: Decimal,
  resting: Decimal | null,
  direction: ExchangePosition['direction'],
): Decimal {
  return resting !== null && isTighter(ours, resting, direction) ? resting : ours;
}

function takeOver(state: EngineState, { row, market }: Ground, position: OpenPosition): void {
  const { instrumentId } = row;
  nextOrderId(state);
  state.foreign = state.foreign.filter((known) => known !== row);
  state.ignored.delete(instrumentId);
  state.positions.set(instrumentId, position);
  market.markPrice ??= row.markPrice.toNumber();
  if (!state.bots.has(instrumentId)) state.bots.set(instrumentId, singleBot(instrumentId, state.timeMs));
  followSeriesOf(state, instrumentId);
  touchTrading(state);
}

function toldText({ holding, stopPrice, stopKind, takeProfitPrice, entry }: OpenPosition): string {
  const stop = `stop ${decimalText(stopPrice)} ${stopKind === 'exchange' ? '(kept)' : '(being set)'}`;
  const take = takeProfitPrice === null ? 'no take-profit' : `take-profit ${decimalText(takeProfitPrice)}`;
  const size = decimalText(holding.entryQuantity);
  return `${size} at ${decimalText(entry.referencePrice)}, ${stop}, ${take}`;
}

function detailOf({ holding, stopPrice, entry, openedMs }: OpenPosition): Record<string, string | number> {
  return {
    direction: holding.direction,
    quantity: decimalText(holding.entryQuantity),
    entryPrice: decimalText(entry.referencePrice),
    stopPrice: decimalText(stopPrice),
    leverage: entry.leverage,
    openedMs,
  };
}

/** Limits the account is beyond with it: told, for a person to act on. Empty where it is within all. */
function limitsText(
  state: EngineState,
  { row, market }: Ground,
  { instrumentId, stopPrice }: OpenPosition,
): string {
  const { positionsMax, exposurePctMax } = settingsOf(state, instrumentId).risk;
  const used = slotsUsed(state);
  const equity = state.account?.balance.equity ?? decimal(0);
  const allowed = equity.times(decimal(exposurePctMax)).dividedBy(100);
  const sum = exposure(state);
  const { liquidationPrice: liquidation, direction } = row;
  let text = '';
  if (used > positionsMax) text += ` With it ${used} positions are open, ${positionsMax} is the limit.`;
  if (sum.greaterThan(allowed))
    text += ` The exposure is ${decimalText(sum)} USDT, ${decimalText(allowed)} is the limit.`;
  if (liquidation !== null && isTighter(liquidation, stopPrice, direction))
    text += ` It would be liquidated at ${decimalText(liquidation)}, before its stop.`;
  if (state.bots.get(market.instrument.id)?.paused === true)
    text += ' Its bot is paused: it is protected, RSI exits wait until the bot is started.';
  return text;
}
