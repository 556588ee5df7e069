import type { Code } from '../domain/codes.ts';
import type { Verdict } from '../domain/verdict.ts';

/** What a filter measured; left-out parts are null, the unit empty. */
export interface Measured {
  readonly value?: number | string | null;
  readonly threshold?: number | string | null;
  readonly margin?: number | null;
  readonly unit?: string;
}

/**
 * Nothing was measured. Written out, like every measure of all four parts: a chain makes its verdicts from objects of
 * few shapes, which is what keeps reading them cheap.
 */
export const NOTHING: Measured = { value: null, threshold: null, margin: null, unit: '' };

/** A verdict that lets the entry go on. */
export function pass(
  filter: string,
  code: Code & `${string}.${'pass' | 'off'}`,
  measured: Measured,
): Verdict {
  return verdict('pass', filter, code, measured);
}

/** A verdict that stops the entry. */
export function veto(filter: string, code: Code, measured: Measured): Verdict {
  return verdict('veto', filter, code, measured);
}

/** Says that nothing was judged, and why: it neither stops an entry nor speaks for it. */
export function skip(filter: string, code: Code, measured: Measured): Verdict {
  return verdict('skipped', filter, code, measured);
}

function verdict(kind: Verdict['kind'], filter: string, code: Code, measured: Measured): Verdict {
  const { value = null, threshold = null, margin = null, unit = '' } = measured;
  return { filter, code, kind, value, threshold, margin, unit };
}
