import { type EmaGrid, type EmaPair, neighbours } from './grid.ts';
import { type ScoreRequest, scorePairs } from './score.ts';
import type { EmaSearchSettings } from './settings.ts';

/** A pair and the mean it was chosen for, %. */
export interface ChosenPair extends EmaPair {
  readonly meanReturnPct: number;
}

export interface Choice {
  /** The best pair on the signals before each end; null where none let enough through. */
  readonly best: readonly (ChosenPair | null)[];
  /** Pairs that were scored for the last end. */
  readonly pairsTried: number;
}

/** Pairs whose surroundings are looked at. */
const REFINED = 3;

/** The pair of the highest mean before each end; the shorter lengths among equals. */
export function choosePairs(
  request: Omit<ScoreRequest, 'pairs'>,
  grid: EmaGrid,
  kind: EmaSearchSettings['grid'],
): Choice {
  const { ends } = request;
  const means = scorePairs({ ...request, pairs: grid.pairs });
  let pairsTried = grid.pairs.length;
  const best = ends.map((end, place) => {
    const leading = leaders(grid.pairs, (pair) => means[pair * ends.length + place] ?? Number.NaN);
    if (kind === 'full' || leading.length === 0) return leading[0] ?? null;
    const pairs = leading.flatMap((pair) => neighbours(pair)).filter((pair) => !leading.some(isSame(pair)));
    const around = scorePairs({ ...request, pairs, ends: [end] });
    pairsTried = grid.pairs.length + pairs.length;
    const found = leaders(pairs, (pair) => around[pair] ?? Number.NaN)[0];
    const [first] = leading;
    return found !== undefined && first !== undefined && found.meanReturnPct > first.meanReturnPct
      ? found
      : (first ?? null);
  });
  return { best, pairsTried };
}

/** At most three, the highest mean first; a pair without one is none. */
function leaders(pairs: readonly EmaPair[], meanOf: (pair: number) => number): readonly ChosenPair[] {
  const leading: ChosenPair[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const [place, pair] of pairs.entries()) {
    const meanReturnPct = meanOf(place);
    if (!(meanReturnPct > least)) continue;
    leading.push({ ...pair, meanReturnPct });
    leading.sort((a, b) => b.meanReturnPct - a.meanReturnPct);
    if (leading.length > REFINED) leading.pop();
    if (leading.length === REFINED) least = leading.at(-1)?.meanReturnPct ?? least;
  }
  return leading;
}

function isSame(pair: EmaPair): (other: EmaPair) => boolean {
  return (other) => other.shortLength === pair.shortLength && other.longLength === pair.longLength;
}
