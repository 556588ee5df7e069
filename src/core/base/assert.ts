/**
 * The program is wrong: a broken invariant. Stays on in production; the shell stops the instrument or
 * the process it happened in. Never use it for bad input or a failing world.
 */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stops when `condition` is false. `message` says what was expected, in a sentence. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Returns `value`, or stops when it is null or undefined. */
export function ensure<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message);
  return value;
}

/** Closes a union: the compiler refuses a call while a case is unhandled. */
export function assertNever(value: never): never {
  throw new AssertionError(`Unhandled case: ${JSON.stringify(value)}`);
}
