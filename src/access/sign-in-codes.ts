import type { DatabaseSync } from 'node:sqlite';
import { secureText, sha256Hex } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import { type Person, personOf } from './role.ts';

const CODE_BYTES = 24;
const CODE_LIFE_MS = 15 * 60_000;

export interface SignInCode {
  /** 192 random bits; good once. */
  readonly code: string;
  readonly expiresMs: number;
}

/** Makes a one-time code that lets `person` in within 15 minutes. The database keeps its hash. */
export function createSignInCode(database: DatabaseSync, person: Person, nowMs: number): SignInCode {
  const code = secureText(CODE_BYTES);
  const expiresMs = nowMs + CODE_LIFE_MS;
  registerSecret(code);
  database.prepare('delete from signInCode where expiresMs <= ?').run(nowMs);
  database
    .prepare('insert into signInCode (codeHash, name, role, createdMs, expiresMs) values (?, ?, ?, ?, ?)')
    .run(sha256Hex(code), person.name, person.role, nowMs, expiresMs);
  return { code, expiresMs };
}

/**
 * Takes a code; whom it lets in. Null: unknown, expired or taken. One statement finds and takes it, so of two
 * claims at once, in two processes as well, one wins.
 */
export function claimSignInCode(database: DatabaseSync, code: string, nowMs: number): Person | null {
  const row = database
    .prepare(
      `update signInCode set claimedMs = ?1
       where codeHash = ?2 and claimedMs is null and createdMs <= ?1 and ?1 < expiresMs
       returning name, role`,
    )
    .get(nowMs, sha256Hex(code));
  return row === undefined ? null : personOf(row);
}
