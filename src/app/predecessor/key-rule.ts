import type { TradingSettings } from '../../core/engine/settings.ts';
import type { Fields } from './json-text.ts';

/** A setting a key gave. */
export interface TakenKey {
  readonly key: string;
  /** `group.key` of ours. */
  readonly path: string;
  readonly value: unknown;
  /** What was changed on the way and why; null when the value came as it is. */
  readonly change: string | null;
}

/** A key that gave none, and why. */
export interface KeyNote {
  readonly key: string;
  readonly detail: string;
}

/** What the keys of one rule say together. */
export interface RuleReading {
  readonly taken: readonly TakenKey[];
  readonly ignored?: readonly KeyNote[];
  readonly refused?: readonly KeyNote[];
}

/** How keys of the predecessor and settings of ours say the same thing: reading, writing and the table of the docs. */
export interface KeyRule {
  /** Every key it reads, older spellings included. */
  readonly names: readonly string[];
  /** What they become, `group.key`. */
  readonly paths: readonly string[];
  /** How the values are carried over, for people. */
  readonly how: string;
  /** `fields` holds at least one of the names and no null; `base` is what holds without this file's layer. */
  readonly read: (fields: Fields, base: TradingSettings) => RuleReading;
  /** The keys that say what the settings say; none where the predecessor has no word for it. */
  readonly write: (settings: TradingSettings) => Fields;
}

/** The names of a rule that are there, in the order in which they count. */
export function namesIn(names: readonly string[], fields: Fields): readonly string[] {
  return names.filter((name) => Object.hasOwn(fields, name));
}

/** A number, also where it was stored as text; anything else stays as it is and is refused by the schema. */
export function numberIn(value: unknown): unknown {
  const isNumber = typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value);
  return isNumber ? Number(value) : value;
}

/** What is said of a value that came as text and was read as a number; null otherwise. */
export function textNote(value: unknown): string | null {
  return numberIn(value) === value ? null : `the text ${JSON.stringify(value)} is read as a number`;
}

/** Why an older spelling beside the newer one gives nothing. */
export function repeated(names: readonly string[], fields: Fields): readonly KeyNote[] {
  const [first = '', ...others] = namesIn(names, fields);
  return others.map((key) => {
    const same = numberIn(fields[key]) === numberIn(fields[first]);
    const differs = same ? '' : `, which says ${JSON.stringify(fields[first])} and counts`;
    return { key, detail: `an older name of ${first}${differs}` };
  });
}
