import { z } from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Milliseconds of `90s`, `1h30m` or `500ms`; null for anything else. */
export function parseDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let sum = 0;
  for (const [, count = '', unit = ''] of text.matchAll(PART)) sum += Number(count) * (UNIT_MS[unit] ?? 0);
  return Math.round(sum);
}

/** A span of time as people write it. */
export const durationInput = z.string().transform((text, context): number => {
  const durationMs = parseDuration(text);
  if (durationMs !== null) return durationMs;
  context.addIssue({ code: 'custom', message: 'takes a duration such as 500ms, 90s, 10m or 1h30m' });
  return z.NEVER;
});

/** A span with a default in milliseconds. */
export function durationOr(usualMs: number) {
  return durationInput.prefault(`${usualMs / 1000}s`);
}

/** A number within bounds; a switch on the command line gives it as text. */
export function numberInput(bounds: { readonly min: number; readonly max: number; readonly usual: number }) {
  const words = `takes a number from ${bounds.min} to ${bounds.max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d+(\.\d+)?$/)
          .transform(Number),
      ],
      words,
    )
    .refine((value) => value >= bounds.min && value <= bounds.max, words)
    .prefault(bounds.usual);
}

/** An instrument by the exchange's spelling; empty for all. */
export const symbolInput = z
  .string()
  .regex(/^[A-Z0-9]{2,40}$/, 'takes a symbol such as BTCUSDT')
  .optional()
  .transform((symbol) => symbol ?? '');

/** What every fault takes beside its own parameters; read by the board. */
export const boardParams = {
  /** How often it strikes of all the times it could. */
  rate: numberInput({ min: 0, max: 1, usual: 1 }),
  /** Strikes after which it is over. */
  count: numberInput({ min: 1, max: 1_000_000, usual: 1_000_000 }),
  /** How long it is active; without it until it is taken off. */
  for: durationInput.optional(),
};

/** Which requests a fault is about: everything under a path, by one method or both. */
export const requestFilter = {
  path: z.string().startsWith('/', 'takes a path such as /v5/order').default('/v5/'),
  method: z.enum(['GET', 'POST', 'any']).default('any'),
};

interface RequestFilter {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'any';
}

export function concerns(
  filter: RequestFilter,
  request: { readonly method: string; readonly path: string },
): boolean {
  return (
    request.path.startsWith(filter.path) && (filter.method === 'any' || filter.method === request.method)
  );
}
