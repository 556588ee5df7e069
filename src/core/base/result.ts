/**
 * The outcome of something the world may refuse. Read it with `if (!r.ok) return r`.
 * Programmer errors are assertions (`assert.ts`); our own refusals are values with a code.
 */
export type Result<T, E> = Ok<T> | Err<E>;

/** The world gave what was asked for. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** The world failed; `error` says how and what to do. */
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

/** Wraps a value as success. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** Wraps an error as failure. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
