import { type ProblemError, refusal } from './problem.ts';

/** Our deepest body has four levels; the bound keeps recursive readers safe. */
const DEPTH_MAX = 16;

/** Keys that could reach an object's prototype through a careless copy. */
const POISONED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: ProblemError };

/** Parses a request body. An empty one is `undefined`. Refuses bad JSON, deep nesting and prototype keys. */
export function parseJsonBody(text: string): JsonBody {
  if (text === '') return { ok: true, value: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, refusal: refusal('request.malformed-json', 'The body is not valid JSON.') };
  }
  const fault = findFault(value, DEPTH_MAX);
  return fault === null ? { ok: true, value } : { ok: false, refusal: fault };
}

function findFault(value: unknown, levelsLeft: number): ProblemError | null {
  if (typeof value !== 'object' || value === null) return null;
  if (levelsLeft === 0) {
    return refusal('request.too-deep', `The body is nested deeper than ${DEPTH_MAX} levels.`);
  }
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && POISONED_KEYS.has(key)) {
      return refusal('request.invalid', `${key}: Unknown field`, {
        errors: [{ path: key, message: 'Unknown field' }],
      });
    }
    const fault = findFault(inner, levelsLeft - 1);
    if (fault !== null) return fault;
  }
  return null;
}
