import type { FastifyReply } from 'fastify';
import { claimSchema, sessionSchema } from '../../api/auth.ts';
import { doneSchema } from '../../api/wire-values.ts';
import { ensure } from '../../core/base/assert.ts';
import type { AccessApi } from '../access-api.ts';
import type { ClaimThrottle } from '../claim-throttle.ts';
import { refusal } from '../problem.ts';
import type { ApiServer } from '../server.ts';
import { SESSION_COOKIE, sessionSecret } from '../session-auth.ts';
import type { SessionStreams } from '../session-streams.ts';

interface SessionParts {
  readonly access: AccessApi;
  readonly throttle: ClaimThrottle;
  readonly streams: SessionStreams;
}

/** Signing in by one-time code, asking who one is, signing out. */
export function sessionRoutes(app: ApiServer, { access, throttle, streams }: SessionParts): void {
  app.post('/api/auth/claim', {
    config: { role: 'public' },
    schema: { body: claimSchema, response: { 200: sessionSchema } },
    handler: async (request, reply) => {
      demandPatience(throttle, request.ip);
      throttle.begin(request.ip);
      const grant = await access.claimCode(request.body.code);
      if (grant === null) {
        throw refusal(
          'auth.code-refused',
          'Ask for a fresh sign-in link; a code works once, for 15 minutes.',
        );
      }
      throttle.succeed(request.ip);
      const before = sessionSecret(request);
      if (before !== null) await access.endSession(before);
      setSessionCookie(reply, grant.secret);
      return grant.session;
    },
  });

  app.get('/api/auth/session', {
    config: { role: 'viewer' },
    schema: { response: { 200: sessionSchema } },
    handler: async (request) => {
      if (request.session === null) {
        throw refusal('auth.required', 'A bearer token has no session; this is for the page.');
      }
      return request.session;
    },
  });

  app.post('/api/auth/logout', {
    config: { role: 'viewer' },
    schema: { response: { 200: doneSchema } },
    handler: async (request, reply) => {
      if (request.session !== null) {
        const secret = ensure(sessionSecret(request), 'a session has a cookie');
        await access.endSession(secret);
        streams.end(secret);
      }
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return { done: true as const, message: 'Signed out.' };
    },
  });
}

function demandPatience(throttle: ClaimThrottle, source: string): void {
  const waitMs = throttle.waitMs(source);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw refusal('auth.too-many-attempts', `Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Host-only and gone with the browser. No `Secure`: on plain-http loopback some browsers would drop it. */
function setSessionCookie(reply: FastifyReply, secret: string): void {
  reply.setCookie(SESSION_COOKIE, secret, { path: '/', httpOnly: true, sameSite: 'strict' });
}
