import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { Signals } from './signal-schedule.ts';

/** Instruments in a group at least, but for the last: half of all signals are vetoed. */
const GROUP_MIN = 4;

/**
 * Signals that may become entries, but for those on what is taken, in the order an entry pass ranks them, whitelist before depth, cut into groups of a few. What only the pass
 * itself can tell apart, equal in both, stays together in one.
 */
export function rankedGroups(
  { ids, depths, able }: Signals,
  taken: ReadonlySet<string>,
  whitelist: readonly string[],
): readonly (readonly InstrumentId[])[] {
  const rows = able
    .flatMap((index) => {
      const [id, depth] = [ids[index], depths[index]];
      return id === undefined || depth === undefined || taken.has(id) ? [] : [{ id, depth, index }];
    })
    .map((row) => ({ ...row, listed: whitelist.includes(row.id) }))
    .sort((a, b) => Number(b.listed) - Number(a.listed) || b.depth - a.depth || a.index - b.index);
  const groups: (typeof rows)[] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const tied = last?.listed === row.listed && last.depth === row.depth;
    if (group === undefined || (group.length >= GROUP_MIN && !tied)) groups.push([row]);
    else group.push(row);
  }
  return groups.map((group) => group.toSorted((a, b) => a.index - b.index).map(({ id }) => id));
}
