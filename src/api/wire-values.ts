import { z } from 'zod';

/** Exact decimal text. */
export const decimalText = z.string().regex(/^-?\d+(\.\d+)?$/);
/** Integer milliseconds UTC. */
export const timeMs = z.number().int();
/** Coin name as people type it: `BTC` or `BTCUSDT`, any case. */
export const coinParameter = z.string().regex(/^[A-Za-z0-9]{1,40}$/);

/** Errors as `application/problem+json` (RFC 9457) with a stable code. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    /** Field faults of a refused body or query: JSON path and message. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** Finds the request in the log. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** Which page of a list is wanted. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});

/** A page of rows; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ rows: z.array(row), nextCursor: z.string().nullable() });
}

/** Body of a command, or query where the body is something else: says why, for the record. */
export const reasonBodySchema = z.strictObject({ reason: z.string().max(500).default('') });

/** A coin in a path. */
export const coinParametersSchema = z.strictObject({ symbol: coinParameter });
/** Bots and positions are named by their coin. */
export const idParametersSchema = z.strictObject({ id: coinParameter });

/** A command was carried out; `message` says what that means. */
export const doneSchema = z.object({ done: z.literal(true), message: z.string() }).meta({ id: 'Done' });
