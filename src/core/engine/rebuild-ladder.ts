import { type Decimal, ZERO } from '../base/decimal.ts';
import type { MarginMode } from '../domain/margin-mode.ts';
import type { ClientOrderId } from '../domain/order.ts';
import { recallLadder } from '../risk/approve.ts';
import type { Ladder } from './ladder.ts';
import type { EntryNote } from './open-position.ts';

/** A rung as the journal holds it. */
export interface RememberedRung {
  readonly instrument: { readonly id: Ladder['plan']['instrumentId'] };
  readonly clientOrderId: ClientOrderId;
  readonly direction: Ladder['plan']['direction'];
  readonly quantity: Decimal;
  readonly placedMs: number;
  readonly entry: EntryNote;
  readonly bookedQuantity: Decimal;
}

/**
 * A ladder of which only the orders are known, none of them for certain. It never grows: what may rest is taken back
 * as soon as it is known, and what has filled is guarded by the stop all of its orders carried.
 */
export function rebuildLadder(
  rungs: readonly [RememberedRung, ...RememberedRung[]],
  known: { readonly ladderId: ClientOrderId; readonly epoch: number; readonly marginMode: MarginMode },
): Ladder {
  const [{ instrument, direction, placedMs, entry }] = rungs;
  const { leverage, stopPrice, timeframe, rsi, trend } = entry;
  let [quantity, notional] = [ZERO, ZERO];
  for (const rung of rungs) {
    quantity = quantity.plus(rung.quantity);
    notional = notional.plus(rung.quantity.times(rung.entry.referencePrice));
  }
  return {
    plan: recallLadder({
      ...{ instrumentId: instrument.id, direction, leverage, stopPrice, timeframe, rsi, trend },
      rungs: rungs.map((rung) => ({
        price: rung.entry.referencePrice,
        market: false,
        quantity: rung.quantity,
        takeProfitPrice: rung.entry.takeProfitPrice,
      })),
      averagePrice: notional.dividedBy(quantity),
      marginMode: known.marginMode,
      postOnly: false,
    }),
    ladderId: known.ladderId,
    epoch: known.epoch,
    createdMs: placedMs,
    expiresMs: null,
    wasCalm: false,
    ending: 'state-lost',
    rungs: rungs.map((rung) => ({
      clientOrderId: rung.clientOrderId,
      state: 'unknown',
      filledQuantity: rung.bookedQuantity,
      cancelMs: null,
      checkedMs: rung.placedMs,
    })),
  };
}
