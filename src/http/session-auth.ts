import type { FastifyRequest } from 'fastify';
import { equalSecret } from '../platform/random.ts';
import type { AccessApi, SessionView } from './access-api.ts';
import { bearerToken } from './auth.ts';
import type { Actor } from './caller.ts';
import { refusal } from './problem.ts';

export const SESSION_COOKIE = 'infobot_session';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of the cookie; null for scripts with a bearer token and for nobody. */
    session: SessionView | null;
  }
}

/** Who calls the web server: a bearer token first, else the cookie's session, whose changes need its token. */
export async function authenticateWeb(access: AccessApi, request: FastifyRequest): Promise<Actor | null> {
  if (request.headers.authorization !== undefined) {
    const token = bearerToken(request.headers);
    return token === null ? null : access.verifyToken(token);
  }
  const secret = sessionSecret(request);
  if (secret === null) return null;
  const session = await access.touchSession(secret);
  if (session === null) return null;
  if (isChange(request.method)) demandOwnPage(request, session);
  request.session = session;
  return session;
}

/** Null without a cookie. */
export function sessionSecret(request: FastifyRequest): string | null {
  const { cookie } = request.headers;
  const secret = cookie === undefined ? undefined : request.server.parseCookie(cookie)[SESSION_COOKIE];
  return secret === undefined || secret === '' ? null : secret;
}

function isChange(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/**
 * A browser adds the cookie to whatever asks; only our page knows the session's token. The base has checked
 * that `Origin` or `Sec-Fetch-Site`, where present, are ours; here one of them must be present.
 */
function demandOwnPage(request: FastifyRequest, session: SessionView): void {
  const { headers } = request;
  const fromBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  const token = headers['x-infobot-csrf'];
  if (fromBrowser && typeof token === 'string' && equalSecret(token, session.csrfToken)) return;
  throw refusal('request.csrf', 'Send the session token in x-infobot-csrf, from the page of this server.');
}
