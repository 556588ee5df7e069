import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../core/base/assert.ts';
import { equalSecret, secureHex, secureText, sha256Hex } from '../platform/random.ts';
import { registerSecret } from '../platform/redaction.ts';
import { type Person, personOf, type Role } from './role.ts';

/** A token for scripts as lists show it: without its secret, which is shown once. */
export interface TokenEntry extends Person {
  readonly id: string;
  readonly createdMs: number;
  /** Null: does not expire. */
  readonly expiresMs: number | null;
  /** Null: not revoked. */
  readonly revokedMs: number | null;
}

export interface TokenRequest {
  readonly name: string;
  readonly role: Role;
  /** Null: does not expire. */
  readonly expiresMs: number | null;
}

const SECRET_BYTES = 32;
const ID_BYTES = 8;
const NAME_LENGTH_MAX = 100;
/** `ibt_`, the id in hex, then the secret: fixed widths, nothing to split at. */
const TOKEN = /^ibt_([0-9a-f]{16})([A-Za-z0-9_-]{43})$/;
/** Compared with when there is no such token: the answer takes as long. */
const NO_HASH = '0'.repeat(64);

/** Makes a token of 256 random bits. `token` is the only copy: the database keeps its hash. */
export function createToken(
  database: DatabaseSync,
  request: TokenRequest,
  nowMs: number,
): { readonly id: string; readonly token: string } {
  const { name, role, expiresMs } = request;
  assert(
    name.length >= 1 && name.length <= NAME_LENGTH_MAX,
    `A token's name has 1 to ${NAME_LENGTH_MAX} letters.`,
  );
  const id = secureHex(ID_BYTES);
  const secret = secureText(SECRET_BYTES);
  registerSecret(secret);
  database
    .prepare('insert into token (id, name, role, secretHash, createdMs, expiresMs) values (?, ?, ?, ?, ?, ?)')
    .run(id, name, role, sha256Hex(secret), nowMs, expiresMs);
  return { id, token: `ibt_${id}${secret}` };
}

/** Whose token it is; null for one that is malformed, unknown, wrong, expired or revoked. */
export function verifyToken(
  database: DatabaseSync,
  token: string,
  nowMs: number,
): (Person & { readonly id: string }) | null {
  const [, id = '', secret = ''] = TOKEN.exec(token) ?? [];
  const row = database.prepare('select * from token where id = ?').get(id);
  const matches = equalSecret(sha256Hex(secret), String(row?.['secretHash'] ?? NO_HASH));
  if (row === undefined || !matches || row['revokedMs'] !== null) return null;
  const { expiresMs } = entryOf(row);
  return expiresMs === null || nowMs < expiresMs ? { id, ...personOf(row) } : null;
}

/** All tokens ever made, oldest first. */
export function listTokens(database: DatabaseSync): readonly TokenEntry[] {
  return database.prepare('select * from token order by createdMs, id').all().map(entryOf);
}

/** From now on the token is no good. False: no such token, or revoked before. */
export function revokeToken(database: DatabaseSync, id: string, nowMs: number): boolean {
  const { changes } = database
    .prepare('update token set revokedMs = ? where id = ? and revokedMs is null')
    .run(nowMs, id);
  return changes === 1;
}

function entryOf(row: Readonly<Record<string, unknown>>): TokenEntry {
  const { id, createdMs, expiresMs, revokedMs } = row;
  return {
    id: String(id),
    ...personOf(row),
    createdMs: Number(createdMs),
    expiresMs: expiresMs === null ? null : Number(expiresMs),
    revokedMs: revokedMs === null ? null : Number(revokedMs),
  };
}
