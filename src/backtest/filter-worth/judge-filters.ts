import { ENTRY_FILTERS } from '../../core/filter/entry-filters.ts';
import { addedWorth, type Portfolio } from './added-worth.ts';
import type { BlockedCandidate } from './blocked-candidates.ts';
import type { SoloFilterWorth } from './result.ts';
import type { WorthSettings } from './settings.ts';
import type { SoloTrade } from './solo-trade.ts';
import { type PricedCandidates, priceInTurn, soloWorth, worthVerdict } from './solo-worth.ts';

export interface JudgeParts {
  /** Null when it could not have been entered. */
  readonly price: (candidate: BlockedCandidate) => SoloTrade | null;
  readonly worth: WorthSettings;
  /** What was traded, for what each would have changed. */
  readonly portfolio: Portfolio;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Judges each filter by the entries it blocked, given in order of time. */
export function judgeFilters(
  candidates: readonly BlockedCandidate[],
  { price, worth, portfolio, onProgress }: JudgeParts,
): { readonly judged: readonly SoloFilterWorth[]; readonly silent: readonly string[] } {
  const all = candidates.reduce((sum, { filters }) => sum + filters.length, 0);
  let done = 0;
  const priced = (those: readonly BlockedCandidate[]): PricedCandidates => {
    const found = priceInTurn(those, (candidate) => {
      onProgress?.(done / all);
      return price(candidate);
    });
    done += those.length;
    return found;
  };
  const names = ENTRY_FILTERS.map(({ name }) => name);
  const active = names.filter((name) => candidates.some(({ filters }) => filters.includes(name)));
  const judged = active.map((filter) => {
    const those = candidates.filter(({ filters }) => filters.includes(filter));
    const own = priced(those.filter(({ filters }) => filters.length === 1));
    const alone = soloWorth(own, worth);
    const shared = soloWorth(priced(those.filter(({ filters }) => filters.length > 1)), worth);
    const added = addedWorth(own.priced, portfolio, worth);
    return { filter, verdict: worthVerdict(alone), alone, shared, added };
  });
  return { judged, silent: names.filter((name) => !active.includes(name)) };
}
