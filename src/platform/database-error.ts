/**
 * Why a database could not answer. `busy`: locked by another process; `full`: no disk space; `corrupt`: damaged,
 * stop and restore; `conflict`: a row that must be unique is there; `refused`: the file is not for this program.
 */
export type DatabaseErrorKind = 'busy' | 'full' | 'corrupt' | 'conflict' | 'refused' | 'failed';

/** A failure of a database file, in our words. `message` says what to do where there is something to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: DatabaseErrorKind;
  constructor(kind: DatabaseErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
  }
}

/** Primary result codes. @see https://www.sqlite.org/rescode.html */
const KIND_OF_CODE: Readonly<Record<number, DatabaseErrorKind>> = {
  5: 'busy',
  6: 'busy',
  11: 'corrupt',
  13: 'full',
  19: 'conflict',
  26: 'corrupt',
};
/** The file that readers and the writer share cannot grow: SQLite calls a full disk an I/O error here. */
const SHARED_MEMORY_SIZE_CODE = 4874;
const PRIMARY_CODE_MASK = 0xff;
/** Extended codes of damage that the primary code (I/O error, read-only) does not tell. */
const CORRUPT_CODES: ReadonlySet<number> = new Set([8458, 8714, 1032]);

/** Translates what the SQLite library throws; a `DatabaseError` passes as it is. */
export function databaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const kind = kindOf(error);
  return new DatabaseError(kind, kind === 'full' ? noRoom(message) : message, error);
}

function noRoom(message: string): string {
  return `The disk is full, or what this user may use of it: make room there (the system says: ${message}).`;
}

function kindOf(error: unknown): DatabaseErrorKind {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : null;
  if (typeof code !== 'number') return 'failed';
  if (CORRUPT_CODES.has(code)) return 'corrupt';
  if (code === SHARED_MEMORY_SIZE_CODE) return 'full';
  return KIND_OF_CODE[code & PRIMARY_CODE_MASK] ?? 'failed';
}
