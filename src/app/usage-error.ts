/** What was typed cannot be meant: a command that meets it ends with exit code 2. Its message is a sentence for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit code of a command that could not do what it was asked: 2 for wrong usage, else 1. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof UsageError ? 2 : 1;
}
