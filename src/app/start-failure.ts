import { DatabaseError } from '../platform/database-error.ts';
import { StoreError } from '../store/store.ts';
import { exitCodeOf } from './usage-error.ts';

/** How a service that cannot go on ends: 1 it may be started again, 2 wrong usage, 3 a person has to see to its data. */
export type FailureCode = 1 | 2 | 3;

/** Exit code of a service whose data is damaged, newer or another program's: starting it again changes nothing. */
export const DATA_REFUSED = 3;

/** Why a service did not start or cannot go on, in sentences for a person. */
export interface StartFailure {
  readonly detail: string;
  readonly code: FailureCode;
}

const WAY_OUT =
  '"infobot db check" says what is wrong with the databases, "infobot db restore" brings a backup back; ' +
  'positions keep their stops at the exchange.';

/** Reads an error a start has met. */
export function failureOf(error: unknown): StartFailure {
  const detail = error instanceof Error ? error.message : String(error);
  return isDataRefused(error)
    ? { detail: `${detail} ${WAY_OUT}`, code: DATA_REFUSED }
    : { detail, code: exitCodeOf(error) };
}

function isDataRefused(error: unknown): boolean {
  const isOfDatabase = error instanceof DatabaseError || error instanceof StoreError;
  return isOfDatabase && (error.kind === 'corrupt' || error.kind === 'refused');
}
