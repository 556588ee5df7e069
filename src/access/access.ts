import { join } from 'node:path';
import { retryWhileBusy } from '../platform/busy-retry.ts';
import { databaseError } from '../platform/database-error.ts';
import { openSqlite, type SqliteFile, transaction } from '../platform/sqlite.ts';
import type { Time } from '../platform/time.ts';
import { accessMigration } from './migrations/0001-access.ts';
import type { Person } from './role.ts';
import {
  beginSession,
  endSession,
  endSessionsOf,
  findSession,
  type Session,
  type SessionGrant,
  touchSession,
} from './sessions.ts';
import { claimSignInCode, createSignInCode, type SignInCode } from './sign-in-codes.ts';
import {
  createToken,
  listTokens,
  revokeToken,
  type TokenEntry,
  type TokenRequest,
  verifyToken,
} from './tokens.ts';

/** The steps of `access.db`, oldest first. */
export const ACCESS_MIGRATIONS = [accessMigration] as const;

/** Where a home keeps who may. */
export function accessFile(home: string): string {
  return join(home, 'access.db');
}

export interface OpenAccessOptions {
  readonly home: string;
  readonly time: Time;
  /** For every process but web and the commands of a person: verifies tokens, changes nothing. */
  readonly readOnly?: boolean;
}

/**
 * Opens `<home>/access.db`; writers create it. Throws `DatabaseError`: `refused` (for a reader also: it does not
 * exist yet), `corrupt`, `busy`, `full`, `failed`.
 */
export function openAccess(options: OpenAccessOptions): Access {
  const file = openSqlite({
    file: accessFile(options.home),
    migrations: ACCESS_MIGRATIONS,
    nowMs: options.time.nowMs(),
    readOnly: options.readOnly === true,
  });
  return new Access(file, options.time);
}

/**
 * Who may: tokens of scripts, one-time codes, sessions. A promise resolves after the durable commit; it rejects with
 * `DatabaseError`, `busy` only after a bounded number of tries.
 */
export class Access {
  private readonly file: SqliteFile;
  private readonly time: Time;

  constructor(file: SqliteFile, time: Time) {
    this.file = file;
    this.time = time;
  }

  /** The token itself is given here and never again. */
  createToken(request: TokenRequest): Promise<{ readonly id: string; readonly token: string }> {
    return this.run((nowMs) => createToken(this.file.database, request, nowMs));
  }

  /** Null: malformed, unknown, wrong, expired or revoked. */
  verifyToken(token: string): Promise<(Person & { readonly id: string }) | null> {
    return this.run((nowMs) => verifyToken(this.file.database, token, nowMs));
  }

  listTokens(): Promise<readonly TokenEntry[]> {
    return this.run(() => listTokens(this.file.database));
  }

  /** False: no such token, or revoked before. */
  revokeToken(id: string): Promise<boolean> {
    return this.run((nowMs) => revokeToken(this.file.database, id, nowMs));
  }

  createSignInCode(person: Person): Promise<SignInCode> {
    return this.run((nowMs) => createSignInCode(this.file.database, person, nowMs));
  }

  /** Exchanges a one-time code for a session, both or neither. Null: unknown, expired or taken. */
  claimCode(code: string): Promise<SessionGrant | null> {
    const { database } = this.file;
    return this.run((nowMs) =>
      transaction(database, () => {
        const person = claimSignInCode(database, code, nowMs);
        return person === null ? null : beginSession(database, person, nowMs);
      }),
    );
  }

  /** The live session of a cookie's secret, marked as used now; null: ended or unknown. */
  touchSession(secret: string): Promise<Session | null> {
    return this.run((nowMs) => touchSession(this.file.database, secret, nowMs));
  }

  /** Whether the session lives, without prolonging it. */
  sessionLives(secret: string): Promise<boolean> {
    return this.run((nowMs) => findSession(this.file.database, secret, nowMs) !== null);
  }

  endSession(secret: string): Promise<void> {
    return this.run(() => endSession(this.file.database, secret));
  }

  /** Ends all sessions of a person; gives how many. */
  endSessionsOf(name: string): Promise<number> {
    return this.run(() => endSessionsOf(this.file.database, name));
  }

  close(): void {
    this.file.close();
  }

  private run<T>(work: (nowMs: number) => T): Promise<T> {
    return retryWhileBusy(this.time, () => {
      try {
        return work(this.time.nowMs());
      } catch (error) {
        throw isOwn(error) ? error : databaseError(error);
      }
    });
  }
}

/** A broken invariant of ours is no failure of the database. */
function isOwn(error: unknown): boolean {
  return error instanceof Error && error.name === 'AssertionError';
}
