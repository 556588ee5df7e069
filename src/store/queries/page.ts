import { assert } from '../../core/base/assert.ts';
import { type Page, StoreError } from '../store.ts';

const LIMIT_MAX = 500;

/** Stops on a limit outside 1-500. */
export function assertLimit(limit: number): void {
  assert(Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX, `A page has 1 to ${LIMIT_MAX} rows.`);
}

/** The row id a cursor stands for; null for the first page. Throws `cursor` on text that is no cursor. */
export function cursorId(cursor: string | null): number | null {
  if (cursor === null) return null;
  if (!/^\d{1,15}$/.test(cursor)) throw badCursor();
  return Number(cursor);
}

/** Time and row id a cursor of a list by time stands for; null for the first page. */
export function cursorTime(cursor: string | null): { readonly timeMs: number; readonly id: number } | null {
  if (cursor === null) return null;
  const [, timeMs, id] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? [];
  if (timeMs === undefined || id === undefined) throw badCursor();
  return { timeMs: Number(timeMs), id: Number(id) };
}

/** Makes a page of `limit + 1` rows asked for: the one too many tells that there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const own = rows.slice(0, limit);
  const last = own.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { rows: own, nextCursor: more ? cursorOf(last) : null };
}

function badCursor(): StoreError {
  return new StoreError('cursor', 'The cursor is not one this list gave.');
}
