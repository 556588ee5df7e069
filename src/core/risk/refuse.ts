import type { Code } from '../domain/codes.ts';
import type { Refusal } from '../domain/verdict.ts';

/** Makes a refusal: a code of the catalogue, the numbers, and a whole sentence. */
export function refuse(
  code: Code,
  detail: string,
  numbers: { readonly value?: Refusal['value']; readonly threshold?: Refusal['threshold'] } = {},
): Refusal {
  return { code, detail, value: numbers.value ?? null, threshold: numbers.threshold ?? null };
}
