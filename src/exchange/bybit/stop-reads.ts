import { err, ok } from '../../core/base/result.ts';
import type { Direction } from '../../core/domain/order.ts';
import type { RestingStop } from '../../core/domain/position.ts';
import type { Reading } from '../../core/domain/reading.ts';
import type { RequestClass } from '../exchange.ts';
import { readRows, USDT_LINEAR } from './account-reads.ts';
import { type Mapped, type MeaningOf, notOurs } from './mapper.ts';
import type { ReadContext } from './market-reads.ts';
import { parse, stopRow } from './schema.ts';

const PATH = '/v5/order/realtime';

/** Kinds of orders with a trigger that end a position at a loss, or at less of a profit, whatever their direction. */
const LOSS_KINDS: ReadonlySet<string> = new Set(['StopLoss', 'PartialStopLoss', 'TrailingStop']);
/** An order with a trigger of somebody's own; which side of the price it stands on tells what it is for. */
const CONDITIONAL = 'Stop';
/** A long's stop waits for a fall, a short's for a rise. */
const FALL = 2;

const TRIGGERS: ReadonlyMap<string, RestingStop['trigger']> = new Map([
  ['MarkPrice', 'mark'],
  ['LastPrice', 'last'],
  ['IndexPrice', 'index'],
]);

/** Every stop that would end a position, or a part of it, whoever set it; take-profits left out. */
export function readStops(
  context: ReadContext,
  requestClass: RequestClass,
): Promise<Reading<readonly RestingStop[]>> {
  const parameters = { ...USDT_LINEAR, openOnly: '0', orderFilter: 'StopOrder', limit: '50' };
  const call = { path: PATH, parameters, signed: true, requestClass };
  return readRows(context, call, (row) => stopFrom(row, (symbol) => context.registry.meaningOf(symbol)));
}

/** Null for an order that triggers nothing any more, adds to a position, or takes a profit. */
function stopFrom(row: unknown, meaningOf: MeaningOf): Mapped<RestingStop> {
  const wire = parse(stopRow, row);
  if (!wire.ok) return wire;
  const { symbol, side, orderStatus, triggerPrice, triggerBy, triggerDirection, stopOrderType } = wire.value;
  const reduces = wire.value.reduceOnly || wire.value.closeOnTrigger;
  if (orderStatus !== 'Untriggered' || triggerPrice === null || !reduces) return ok(null);
  const direction: Direction = side === 'Sell' ? 'long' : 'short';
  const waitsForLoss = (triggerDirection === FALL) === (direction === 'long');
  if (!LOSS_KINDS.has(stopOrderType) && !(stopOrderType === CONDITIONAL && waitsForLoss)) return ok(null);
  const trigger = TRIGGERS.get(triggerBy);
  if (trigger === undefined) return err(`triggerBy: ${triggerBy} is not known`);
  const meaning = meaningOf(symbol);
  if (meaning.kind !== 'ours') return notOurs(meaning, symbol);
  return ok({ instrumentId: meaning.id, direction, stopPrice: triggerPrice, trigger });
}
