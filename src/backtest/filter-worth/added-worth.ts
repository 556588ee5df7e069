import type { HeldTrade, HeldTrades } from './held-trades.ts';
import type { AddedWorth } from './result.ts';
import type { WorthSettings } from './settings.ts';
import { type PricedCandidate, soloWorth } from './solo-worth.ts';

/** What was traded, and the room there was for it. */
export interface Portfolio {
  readonly held: HeldTrades;
  /** Positions at once. */
  readonly positionsMax: number;
  /** Value that may be held at once, USDT. */
  readonly exposureMaxUsdt: number;
}

/** What one more entry would have changed. */
interface Addition {
  /** Its own result less what the entries it kept out have made. */
  readonly pnlUsdt: number;
  readonly displaced: readonly HeldTrade[];
}

/**
 * What blocked entries would have changed, each added alone to what was traded: one that finds no slot or no exposure
 * left changes nothing; one that is let in keeps out the later entries that then find none, or its own instrument
 * taken; of one moment it comes first. What those would have made room for in turn is not followed.
 */
export function addedWorth(
  priced: readonly PricedCandidate[],
  portfolio: Portfolio,
  settings: WorthSettings,
): AddedWorth {
  const added: PricedCandidate[] = [];
  let displaced = 0;
  let displacedPnlUsdt = 0;
  for (const one of priced) {
    const addition = additionOf(one, portfolio);
    if (addition === null) continue;
    added.push({ ...one, trade: { ...one.trade, pnlUsdt: addition.pnlUsdt } });
    displaced += addition.displaced.length;
    for (const { pnlUsdt } of addition.displaced) displacedPnlUsdt += pnlUsdt;
  }
  const worth = soloWorth(
    { candidates: priced.length, priced: added, overlapping: 0, unpriced: 0 },
    settings,
  );
  const { wins, winRatePct, meanSavedUsdt, totalSavedUsdt, interval, blockDays } = worth;
  return {
    entered: added.length,
    noRoom: priced.length - added.length,
    displaced,
    displacedPnlUsdt,
    wins,
    winRatePct,
    meanSavedUsdt,
    totalSavedUsdt,
    interval,
    blockDays,
  };
}

/** Null when there was no room for it. */
function additionOf({ candidate, trade }: PricedCandidate, portfolio: Portfolio): Addition | null {
  const { held } = portfolio;
  const { instrumentId, timeMs } = candidate;
  const { notionalUsdt } = trade;
  const atEntry = held.heldAt(timeMs);
  const isTaken = atEntry.some((other) => other.instrumentId === instrumentId);
  if (isTaken || !hasRoom(atEntry, notionalUsdt, portfolio)) return null;
  const displaced = new Set<HeldTrade>();
  let pnlUsdt = trade.pnlUsdt;
  for (const later of held.openedBetween(timeMs, trade.endMs)) {
    const others = held.heldAt(later.openedMs).filter((other) => !displaced.has(other));
    // One that has no room even without the addition was entered under other limits.
    const fits =
      later.instrumentId !== instrumentId && hasRoom([...others, trade], later.notionalUsdt, portfolio);
    if (fits || !hasRoom(others, later.notionalUsdt, portfolio)) continue;
    displaced.add(later);
    pnlUsdt -= later.pnlUsdt;
  }
  return { pnlUsdt, displaced: [...displaced] };
}

/** True when an entry of that value fits beside what is held. */
function hasRoom(
  held: readonly { readonly notionalUsdt: number }[],
  notionalUsdt: number,
  { positionsMax, exposureMaxUsdt }: Portfolio,
): boolean {
  if (held.length >= positionsMax) return false;
  return held.reduce((sum, other) => sum + other.notionalUsdt, notionalUsdt) <= exposureMaxUsdt;
}
