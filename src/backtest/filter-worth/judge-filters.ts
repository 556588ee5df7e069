import { ENTRY_FILTERS } from '../../core/filter/entry-filters.ts';
import type { BlockedCandidate } from './blocked-candidates.ts';
import type { SoloFilterWorth, SoloWorth } from './result.ts';
import type { WorthSettings } from './settings.ts';
import type { SoloTrade } from './solo-trade.ts';
import { priceInTurn, soloWorth, worthVerdict } from './solo-worth.ts';

export interface JudgeParts {
  /** Null when it could not have been entered. */
  readonly price: (candidate: BlockedCandidate) => SoloTrade | null;
  readonly worth: WorthSettings;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Judges each filter by the entries it blocked, given in order of time. */
export function judgeFilters(
  candidates: readonly BlockedCandidate[],
  { price, worth, onProgress }: JudgeParts,
): { readonly judged: readonly SoloFilterWorth[]; readonly silent: readonly string[] } {
  const all = candidates.reduce((sum, { filters }) => sum + filters.length, 0);
  let done = 0;
  const worthOf = (those: readonly BlockedCandidate[]): SoloWorth => {
    const priced = priceInTurn(those, (candidate) => {
      onProgress?.(done / all);
      return price(candidate);
    });
    done += those.length;
    return soloWorth(priced, worth);
  };
  const names = ENTRY_FILTERS.map(({ name }) => name);
  const active = names.filter((name) => candidates.some(({ filters }) => filters.includes(name)));
  const judged = active.map((filter) => {
    const those = candidates.filter(({ filters }) => filters.includes(filter));
    const alone = worthOf(those.filter(({ filters }) => filters.length === 1));
    const shared = worthOf(those.filter(({ filters }) => filters.length > 1));
    return { filter, verdict: worthVerdict(alone), alone, shared };
  });
  return { judged, silent: names.filter((name) => !active.includes(name)) };
}
