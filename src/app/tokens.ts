import { type Access, openAccess } from '../access/access.ts';
import { parseRole } from '../access/role.ts';
import type { TokenEntry } from '../access/tokens.ts';
import { ensure } from '../core/base/assert.ts';
import { prepareHome } from '../platform/home.ts';
import { systemTime } from '../platform/time.ts';
import type { AppConfig } from './config.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Makes a token for scripts; works with no service running. The token is given this once. */
export function createToken(
  config: AppConfig,
  request: { readonly role: string; readonly name: string; readonly days: number | null },
): Promise<{ readonly id: string; readonly token: string }> {
  const role = ensure(parseRole(request.role), 'The command line offers only roles there are.');
  const expiresMs = request.days === null ? null : systemTime.nowMs() + request.days * DAY_MS;
  return withAccess(config, (access) => access.createToken({ name: request.name, role, expiresMs }));
}

/** A token without its secret, and what has become of it. */
export interface ListedToken extends TokenEntry {
  readonly state: 'live' | 'expired' | 'revoked';
}

/** All tokens ever made, oldest first. */
export async function listTokens(config: AppConfig): Promise<readonly ListedToken[]> {
  const entries = await withAccess(config, (access) => access.listTokens());
  const nowMs = systemTime.nowMs();
  return entries.map((entry) => ({ ...entry, state: stateOf(entry, nowMs) }));
}

function stateOf({ expiresMs, revokedMs }: TokenEntry, nowMs: number): ListedToken['state'] {
  if (revokedMs !== null) return 'revoked';
  return expiresMs !== null && expiresMs <= nowMs ? 'expired' : 'live';
}

/** False when there is no such token, or it was revoked before. */
export function revokeToken(config: AppConfig, id: string): Promise<boolean> {
  return withAccess(config, (access) => access.revokeToken(id));
}

async function withAccess<T>(config: AppConfig, work: (access: Access) => Promise<T>): Promise<T> {
  await prepareHome(config.home);
  const access = openAccess({ home: config.home, time: systemTime });
  try {
    return await work(access);
  } finally {
    access.close();
  }
}
