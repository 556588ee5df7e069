import type { z } from 'zod';
import type { pageQuerySchema } from '../api/wire-values.ts';
import type { PageRequest, Rows } from './caller.ts';
import { invalid } from './translate-error.ts';

/** The page a query asks for. */
export function pageRequest(query: z.infer<typeof pageQuerySchema>): PageRequest {
  return { limit: query.limit, cursor: query.cursor ?? null };
}

/** A page as an answer; null, a cursor the list did not give, is refused. */
export function paged<T>(found: Rows<T> | null): { rows: T[]; nextCursor: string | null } {
  if (found === null) throw invalid([{ path: 'cursor', message: 'Not a cursor that this list gave' }]);
  return { rows: [...found.rows], nextCursor: found.nextCursor };
}
