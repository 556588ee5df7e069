import type { Instrument } from '../domain/instrument.ts';
import type { OrderPlacement } from './matching-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** An instrument of a table that may list contracts whose prices are shown but which nobody here can trade. */
export interface ShownInstrument extends Instrument {
  readonly isOnlyShown?: boolean;
}

/** How long before delivery positions may only be reduced. */
const PRE_DELIVERY_MS = 30 * 60_000;

/** Null when the instrument's phase of life lets this order in. */
export function checkPhase(
  instrument: ShownInstrument,
  placement: Pick<OrderPlacement, 'reduceOnly'>,
  nowMs: number,
): MatchingRefusal | null {
  const { id, status, deliveryTimeMs } = instrument;
  if (instrument.isOnlyShown === true)
    return refusal('trading-forbidden', 'Trading is currently not allowed.');
  if (status === 'delivering') {
    return refusal('settling', `Settlement in progress! ${id} not available for trading.`);
  }
  if (status !== 'trading') return refusal('not-trading', `${id} is not trading`);
  const isNear = deliveryTimeMs !== null && nowMs >= deliveryTimeMs - PRE_DELIVERY_MS;
  if (!isNear || placement.reduceOnly) return null;
  return refusal(
    'pre-delivery',
    'Currently,due to pre-delivery status, you can only reduce your position on this contract.',
  );
}
