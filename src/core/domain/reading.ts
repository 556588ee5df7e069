/**
 * What a read of the outside world gives. `unknown` is not empty: it cannot be turned into a list by type,
 * so a failed or partial read is never taken for "there is nothing".
 */
export type Reading<T> = Known<T> | Unknown;

/** An answer, complete and parsed. */
export interface Known<T> {
  readonly kind: 'known';
  readonly value: T;
  /** Exchange time of the answer where it states one, else our time of arrival. */
  readonly asOfMs: number;
  /** Endpoint or stream it came from. */
  readonly source: string;
}

/** No usable answer: nothing may be concluded from it. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: UnknownReason;
  /** What happened, for a person; holds no secrets. */
  readonly detail: string;
}

/** Why there is no usable answer. */
export type UnknownReason = 'not-sent' | 'no-answer' | 'bad-answer' | 'refused' | 'rate-limited' | 'banned';

/** Makes a known reading. */
export function known<T>(value: T, asOfMs: number, source: string): Known<T> {
  return { kind: 'known', value, asOfMs, source };
}

/** Makes an unknown reading. */
export function unknown(reason: UnknownReason, detail: string): Unknown {
  return { kind: 'unknown', reason, detail };
}
