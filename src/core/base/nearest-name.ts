/** Longer names are compared by their beginning: the cost of a comparison grows with both lengths. */
const LENGTH_MAX = 60;
/** A beginning of this many letters says enough: most often the unit at the end was left out. */
const BEGINNING_MIN = 4;

/** The candidate that a mistyped name most likely means; null when none is close. The first of equals wins. */
export function nearestName(typed: string, candidates: Iterable<string>): string | null {
  const wanted = typed.toLowerCase();
  // A third of the letters wrong is still a slip, more is another word.
  let best = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  let nearest: string | null = null;
  for (const candidate of candidates) {
    const distance = distanceTo(wanted, candidate.toLowerCase());
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

function distanceTo(wanted: string, candidate: string): number {
  return wanted.length >= BEGINNING_MIN && candidate.startsWith(wanted) ? 1 : editDistance(wanted, candidate);
}

/** Levenshtein's distance: the fewest letters to add, drop or change. */
function editDistance(first: string, second: string): number {
  const a = first.slice(0, LENGTH_MAX);
  const b = second.slice(0, LENGTH_MAX);
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
