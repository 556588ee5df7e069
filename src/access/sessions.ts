import { createHmac } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { secureText, sha256Hex } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import { type Person, personOf } from './role.ts';

const SECRET_BYTES = 32;
const ABSOLUTE_LIFE_MS = 12 * 3_600_000;
const IDLE_LIFE_MS = 30 * 60_000;
/** Use within this time of the last recorded one is not written again: a page asks many times a minute. */
const USE_STEP_MS = 60_000;

/** A signed-in person. */
export interface Session extends Person {
  /** Sent back by the page with every change; a function of the secret, known to nobody without it. */
  readonly csrfToken: string;
}

/** `secret` goes into the cookie; the database keeps its hash. */
export interface SessionGrant {
  readonly secret: string;
  readonly session: Session;
}

/** Begins a session under a fresh secret of 256 random bits; sessions that have ended are removed. */
export function beginSession(database: DatabaseSync, person: Person, nowMs: number): SessionGrant {
  const secret = secureText(SECRET_BYTES);
  registerSecret(secret);
  database
    .prepare('delete from session where createdMs <= ? or usedMs <= ?')
    .run(nowMs - ABSOLUTE_LIFE_MS, nowMs - IDLE_LIFE_MS);
  database
    .prepare('insert into session (secretHash, name, role, createdMs, usedMs) values (?, ?, ?, ?, ?)')
    .run(sha256Hex(secret), person.name, person.role, nowMs, nowMs);
  return { secret, session: { ...person, csrfToken: csrfTokenOf(secret) } };
}

/**
 * The session of a cookie; null once 12 hours old, 30 minutes unused, ended or unknown, and when the clock stands
 * before its beginning: then its age cannot be told.
 */
export function findSession(database: DatabaseSync, secret: string, nowMs: number): Session | null {
  const row = database.prepare('select * from session where secretHash = ?').get(sha256Hex(secret));
  if (row === undefined) return null;
  const ageMs = nowMs - Number(row['createdMs']);
  const idleMs = nowMs - Number(row['usedMs']);
  if (ageMs < 0 || ageMs >= ABSOLUTE_LIFE_MS || idleMs >= IDLE_LIFE_MS) return null;
  return { ...personOf(row), csrfToken: csrfTokenOf(secret) };
}

/** As `findSession`, and counts as use: idle time starts anew. */
export function touchSession(database: DatabaseSync, secret: string, nowMs: number): Session | null {
  const session = findSession(database, secret, nowMs);
  if (session !== null) {
    database
      .prepare('update session set usedMs = ? where secretHash = ? and usedMs <= ?')
      .run(nowMs, sha256Hex(secret), nowMs - USE_STEP_MS);
  }
  return session;
}

/** Ends one session; an unknown secret is a no-op. */
export function endSession(database: DatabaseSync, secret: string): void {
  database.prepare('delete from session where secretHash = ?').run(sha256Hex(secret));
}

/** Ends all sessions of a person, e.g. when the role changes; gives how many. */
export function endSessionsOf(database: DatabaseSync, name: string): number {
  return Number(database.prepare('delete from session where name = ?').run(name).changes);
}

function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}
