/** Where two decisions part. */
export interface Difference {
  /** Place of the decision among those of its step, 0 the first. */
  readonly index: number;
  /** Keys to the first value that differs, `record.verdicts.3.value`; empty: one of the two is missing. */
  readonly path: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

/** The first difference between two lists of decisions as JSON; null is an empty list. They differ as text. */
export function differenceOf(recorded: string | null, now: string | null): Difference {
  const [before, after] = [listOf(recorded), listOf(now)];
  const index = before.findIndex((one, place) => JSON.stringify(one) !== JSON.stringify(after[place]));
  const place = index === -1 ? before.length : index;
  const path = pathOf(before[place], after[place]).join('.');
  return { index: place, path, recorded: before[place] ?? null, now: after[place] ?? null };
}

/** The value at the end of a path. */
export function valueAt(value: unknown, path: string): unknown {
  return path === '' ? value : path.split('.').reduce((at, key) => partsOf(at).get(key), value);
}

function listOf(text: string | null): readonly unknown[] {
  const parsed: unknown = text === null ? [] : JSON.parse(text);
  return Array.isArray(parsed) ? parsed : [];
}

function pathOf(a: unknown, b: unknown): readonly string[] {
  const [before, after] = [partsOf(a), partsOf(b)];
  if (before.size === 0 || after.size === 0) return [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(key), after.get(key)];
    if (JSON.stringify(one) !== JSON.stringify(other)) return [key, ...pathOf(one, other)];
  }
  return [];
}

function partsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
