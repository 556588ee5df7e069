import { exitCodeOf } from '../app/usage-error.ts';

/** What went wrong, in one sentence for a person; the place in the program only where it was asked for. Exit code 1, or 2. */
export function sayFailure(error: unknown, withPlace: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message);
  if (withPlace && error instanceof Error) console.error(error.stack);
  else console.error('(INFOBOT_LOG_LEVEL=debug shows where in the program it happened)');
  process.exitCode = exitCodeOf(error);
}
