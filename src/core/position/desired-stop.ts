import type { Decimal } from '../base/decimal.ts';
import { isTighter, type LevelRequest, stopPriceFrom } from '../risk/stop-price.ts';

/**
 * Where the stop of a position belongs: `pct` percent from its entry price, rounded toward protection, yet never
 * looser than `resting`, the tightest stop it has had. Null `resting`: it has had none.
 */
export function desiredStop(level: LevelRequest, resting: Decimal | null): Decimal {
  return tighterStop(stopPriceFrom(level), resting, level.direction);
}

/** The tighter of a stop and what rests already. */
export function tighterStop(
  stopPrice: Decimal,
  resting: Decimal | null,
  direction: LevelRequest['direction'],
): Decimal {
  return resting !== null && isTighter(resting, stopPrice, direction) ? resting : stopPrice;
}
