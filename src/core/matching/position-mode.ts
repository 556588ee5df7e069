import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { type AccountState, isHedged } from './account-state.ts';
import { openPositions } from './liquidate.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** One position of an instrument, or a long and a short one; null for all instruments. */
export function setHedged(
  state: AccountState,
  instrumentId: InstrumentId | null,
  hedged: boolean,
): Result<null, MatchingRefusal> {
  const concerns = (each: { readonly instrumentId: InstrumentId }): boolean =>
    instrumentId === null || each.instrumentId === instrumentId;
  const isSet = instrumentId === null ? state.hedgedByDefault : isHedged(state, instrumentId);
  if (isSet === hedged) return err(refusal('mode-not-modified', 'Position mode is not modified'));
  if (openPositions(state).some(concerns)) {
    return err(refusal('mode-has-position', 'You have an existing position'));
  }
  if ([...state.openOrders.values()].some(concerns)) {
    return err(refusal('mode-has-orders', 'You have existing open orders'));
  }
  if (instrumentId === null) {
    state.hedged.clear();
    state.hedgedByDefault = hedged;
  } else {
    state.hedged.set(instrumentId, hedged);
  }
  return ok(null);
}
