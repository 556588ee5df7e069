import { assert } from '../base/assert.ts';
import type { Brand } from '../base/brand.ts';
import { type Decimal, decimalText, minDecimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { MarginMode } from '../domain/margin-mode.ts';
import {
  type ApprovedEntry,
  type ApprovedOrder,
  type ClientOrderId,
  type Direction,
  type EntryRequest,
  type ExitReason,
  type ExitRequest,
  entrySide,
  exitSide,
} from '../domain/order.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Trend } from '../domain/trend.ts';
import type { PassedEntry, Refusal } from '../domain/verdict.ts';
import type { EntrySettings } from './entry-settings.ts';
import { type LimitContext, limitRefusal } from './limits.ts';
import type { PlannedPartial } from './partial-quantity.ts';
import { type LadderShape, type PlannedRung, planLadder } from './plan-ladder.ts';
import { refuse } from './refuse.ts';
import { sizeEntry } from './sizing.ts';
import { isTighter, stopPriceFrom, takeProfitPriceFrom } from './stop-price.ts';

/** What an entry is approved with. */
export interface EntryTerms extends Omit<LimitContext, 'notional'> {
  readonly clientOrderId: ClientOrderId;
  /** Price the size and the levels are computed at. */
  readonly referencePrice: Decimal;
  /** Null: no take-profit. */
  readonly takeProfitPct: number | null;
  /** Parts to be taken off later: each must be an order the exchange takes. */
  readonly partialTakeProfits: readonly PlannedPartial[];
}

/** What a ladder is approved with. */
export interface LadderTerms extends Omit<EntryTerms, 'clientOrderId'> {
  readonly entry: EntrySettings;
}

/** A ladder that passed every filter and limit as a whole; its rungs are sent one after the other. */
export type ApprovedLadder = Brand<ApprovedPlan, 'ApprovedLadder'>;

/** What is approved of a ladder, and kept until its last order is over. */
export interface ApprovedPlan extends Pick<LadderShape, 'rungs' | 'averagePrice' | 'stopPrice'> {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly leverage: number;
  readonly marginMode: MarginMode;
  readonly postOnly: boolean;
  readonly timeframe: Timeframe;
  readonly rsi: number | null;
  readonly trend: Trend | null;
}

/** What an exit is approved with. */
export interface ExitTerms {
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  /** What is held, base units; > 0. */
  readonly quantity: Decimal;
  /** Largest market order of the instrument; null when the instrument is not known now. */
  readonly quantityMax: Decimal | null;
  readonly purpose: ExitReason;
}

/**
 * Turns an entry that passed every filter into an order that may be sent: size, limits, stop, take-profit.
 * With `approveExit` the only maker of `ApprovedOrder`. Refuses with the numbers, never with less than a
 * whole sentence.
 */
export function approveEntry(passed: PassedEntry, terms: EntryTerms): Result<ApprovedEntry, Refusal> {
  const { instrument, referencePrice, settings } = terms;
  assert(
    passed.instrumentId === instrument.id,
    'The entry is approved with the terms of its own instrument.',
  );
  const size = sizeEntry({
    settings,
    direction: passed.direction,
    price: referencePrice,
    instrument,
    equity: terms.account?.equity ?? null,
    stopLossPct: terms.stopLossPct,
    partialTakeProfits: terms.partialTakeProfits,
  });
  if (!size.ok) return size;
  const refusal = limitRefusal({ ...terms, notional: size.value.times(referencePrice) });
  if (refusal !== null) return err(refusal);
  const stop = protectiveStop(passed.direction, terms);
  return stop.ok ? ok(entryOrder(passed, terms, { quantity: size.value, stopPrice: stop.value })) : stop;
}

/**
 * The same for an entry that is split over several orders: all of them are measured against the limits at once, and
 * the stop's distance from the nearest rung against liquidation, for that rung may be all that ever fills.
 */
export function approveLadder(passed: PassedEntry, terms: LadderTerms): Result<ApprovedLadder, Refusal> {
  const { instrument, referencePrice: price, settings, entry } = terms;
  assert(passed.instrumentId === instrument.id, 'A ladder is approved with the terms of its own instrument.');
  const { direction, signal } = passed;
  const equity = terms.account?.equity ?? null;
  const shape = planLadder({ ...terms, direction, price, equity });
  if (!shape.ok) return shape;
  const { rungs, averagePrice, stopPrice, notional, stopPctMax } = shape.value;
  const refusal = limitRefusal({ ...terms, notional, stopLossPct: stopPctMax });
  if (refusal !== null) return err(refusal);
  const plan: ApprovedPlan = {
    instrumentId: instrument.id,
    direction,
    rungs,
    averagePrice,
    stopPrice,
    leverage: settings.leverage,
    marginMode: settings.marginMode,
    postOnly: entry.rungsPostOnly,
    timeframe: signal.timeframe,
    rsi: signal.rsi,
    trend: signal.trend,
  };
  return ok(plan as ApprovedLadder);
}

/** A ladder as it was approved before a restart, out of the trading state that was stored with it. */
export function recallLadder(plan: ApprovedPlan): ApprovedLadder {
  return plan as ApprovedLadder;
}

/** The order of one rung of an approved ladder. It carries the stop of the whole. */
export function approveRung(
  ladder: ApprovedLadder,
  rung: PlannedRung,
  ids: { readonly clientOrderId: ClientOrderId; readonly ladderId: ClientOrderId },
): ApprovedEntry {
  assert(ladder.rungs.includes(rung), 'A rung is sent as it was approved.');
  const { instrumentId, direction, leverage, marginMode, stopPrice, timeframe, rsi, trend } = ladder;
  const { price, market, quantity, takeProfitPrice } = rung;
  const request: EntryRequest & { readonly clientOrderId: ClientOrderId } = {
    ...{ ...ids, instrumentId, direction, quantity, leverage, marginMode, timeframe, rsi, trend },
    kind: 'entry',
    side: entrySide(direction),
    purpose: 'entry',
    stopPrice,
    takeProfitPrice,
    limit: market ? null : { price, postOnly: ladder.postOnly },
    referencePrice: price,
  };
  return request as ApprovedEntry;
}

/** An order that can only reduce. Limits never stand in its way: getting out is always allowed. */
export function approveExit(terms: ExitTerms): ApprovedOrder {
  const { clientOrderId, instrumentId, direction, quantity, quantityMax, purpose } = terms;
  assert(quantity.greaterThan(0), 'An exit has something to close.');
  const request: ExitRequest & { readonly clientOrderId: ClientOrderId } = {
    kind: 'exit',
    clientOrderId,
    instrumentId,
    side: exitSide(direction),
    direction,
    quantity: quantityMax === null ? quantity : minDecimal(quantity, quantityMax),
    purpose,
    reduceOnly: true,
  };
  return request as ApprovedOrder;
}

function protectiveStop(direction: Direction, terms: EntryTerms): Result<Decimal, Refusal> {
  const { referencePrice, instrument, stopLossPct } = terms;
  const stopPrice = stopPriceFrom({ price: referencePrice, direction, pct: stopLossPct, instrument });
  const onLossSide = isTighter(referencePrice, stopPrice, direction) && stopPrice.greaterThan(0);
  if (onLossSide) return ok(stopPrice);
  const value = decimalText(stopPrice);
  const threshold = decimalText(referencePrice);
  const detail = `Rounded to the tick, the stop would stand at ${value} with the price at ${threshold}.`;
  return err(refuse('risk.stop.not-protective', detail, { value, threshold }));
}

function entryOrder(
  passed: PassedEntry,
  terms: EntryTerms,
  sized: { readonly quantity: Decimal; readonly stopPrice: Decimal },
): ApprovedEntry {
  const { direction, instrumentId } = passed;
  const { referencePrice: price, takeProfitPct: pct, instrument, clientOrderId, settings } = terms;
  const request: EntryRequest & { readonly clientOrderId: ClientOrderId } = {
    kind: 'entry',
    clientOrderId,
    instrumentId,
    side: entrySide(direction),
    direction,
    quantity: sized.quantity,
    purpose: 'entry',
    leverage: settings.leverage,
    marginMode: settings.marginMode,
    stopPrice: sized.stopPrice,
    takeProfitPrice: pct === null ? null : takeProfitPriceFrom({ price, direction, pct, instrument }),
    limit: null,
    ladderId: null,
    referencePrice: price,
    timeframe: passed.signal.timeframe,
    rsi: passed.signal.rsi,
    trend: passed.signal.trend,
  };
  return request as ApprovedEntry;
}
