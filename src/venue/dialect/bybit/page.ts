/** One page of a list and where the next begins; an empty cursor means there is no next. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextPageCursor: string;
}

/**
 * Cuts a page out of a list. The cursor is the key of the last row served, so rows added at the front
 * between two pages shift nothing. A cursor whose row is gone gives an empty page.
 */
export function page<T>(
  all: readonly T[],
  request: { readonly limit: number; readonly cursor: string },
  keyOf: (row: T) => string,
): Page<T> {
  const start = request.cursor === '' ? 0 : positionAfter(all, request.cursor, keyOf);
  const rows = all.slice(start, start + request.limit);
  const last = rows.at(-1);
  const isMore = start + rows.length < all.length;
  return { rows, nextPageCursor: isMore && last !== undefined ? keyOf(last) : '' };
}

function positionAfter<T>(all: readonly T[], cursor: string, keyOf: (row: T) => string): number {
  const at = all.findIndex((row) => keyOf(row) === cursor);
  return at === -1 ? all.length : at + 1;
}
