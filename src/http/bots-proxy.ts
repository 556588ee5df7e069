import type { IncomingHttpHeaders } from 'node:http';
import httpProxy from '@fastify/http-proxy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorHeaders } from './auth.ts';
import { ProblemError, refusal } from './problem.ts';
import type { ApiServer } from './server.ts';
import { sessionSecret } from './session-auth.ts';
import type { SessionStreams } from './session-streams.ts';

/** What the bots service needs to know of a request. Everything else, cookie and identity included, stays here. */
const FORWARDED_HEADERS = [
  'accept',
  'accept-encoding',
  'content-length',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'transfer-encoding',
] as const;

const CONNECTIONS_MAX = 512;
const ANSWER_TIMEOUT_MS = 15_000;
/** A live stream is never silent longer than its heartbeat of 15 s; three missed ones mean it is dead. */
const SILENCE_TIMEOUT_MS = 45_000;

export interface BotsProxyOptions {
  /** Base address of the bots service, e.g. `http://127.0.0.1:5001`. */
  readonly botsUrl: string;
  /** Lets the web service speak for the person it names. */
  readonly serviceToken: string;
  readonly streams: SessionStreams;
}

/** Everything under `/api` that is not the web server's own goes to the bots service, streamed both ways. */
export function addBotsProxy(app: ApiServer, options: BotsProxyOptions): void {
  app.register(async (scope) => {
    // Bodies pass through unread; the bots service parses and refuses them.
    scope.removeAllContentTypeParsers();
    scope.setErrorHandler((error) => {
      throw isBadAddress(error)
        ? refusal('request.malformed', 'The address is not a valid URL path.')
        : error;
    });
    await scope.register(httpProxy, {
      upstream: options.botsUrl,
      prefix: '/api',
      rewritePrefix: '/api',
      routes: ['/*'],
      httpMethods: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'],
      config: { role: 'viewer' },
      disableRequestLogging: true,
      destroyAgent: true,
      undici: {
        connections: CONNECTIONS_MAX,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: SILENCE_TIMEOUT_MS,
      },
      preHandler: (request, reply, done) => {
        rememberStream(request, reply, options.streams);
        done();
      },
      replyOptions: {
        // The proxy's default repeats reads answered with 503; the page has its own patience.
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => forwardedHeaders(request, headers, options.serviceToken),
        onError: (reply, { error }) => {
          reply.send(proxyRefusal(error));
        },
      },
    });
  });
}

function rememberStream(request: FastifyRequest, reply: FastifyReply, streams: SessionStreams): void {
  const secret = request.session === null ? null : sessionSecret(request);
  if (secret !== null && request.headers.accept?.includes('text/event-stream') === true) {
    streams.add(secret, reply);
  }
}

/** An allow-list, so that no header of a client can pose as ours. A script's own token passes as it is. */
function forwardedHeaders(
  request: Pick<FastifyRequest, 'session'>,
  headers: IncomingHttpHeaders,
  serviceToken: string,
): IncomingHttpHeaders {
  const kept = FORWARDED_HEADERS.filter((name) => headers[name] !== undefined);
  const forwarded = { host: headers.host, ...Object.fromEntries(kept.map((name) => [name, headers[name]])) };
  if (request.session === null) return { ...forwarded, authorization: headers.authorization };
  return { ...forwarded, authorization: `Bearer ${serviceToken}`, ...actorHeaders(request.session) };
}

/** The proxy library marks addresses that lead out of `/api` with a status and nothing else. */
function isBadAddress(error: unknown): boolean {
  return !(error instanceof ProblemError) && badAddress.safeParse(error).success;
}

const badAddress = z.object({ statusCode: z.literal(400), code: z.undefined().optional() });

/** Only a refused connection proves that the request was not carried out; otherwise the caller must look. */
function proxyRefusal(error: Error): ProblemError {
  const code = causeCode(error);
  if (code === 'ECONNREFUSED') return refusal('bots.unavailable', 'The bots service is down or restarting.');
  return TIMEOUTS.has(code)
    ? refusal('bots.timeout', 'The bots service did not answer in time; whether it acted is unknown.')
    : refusal('bots.broken-answer', 'The bots service broke off its answer; whether it acted is unknown.');
}

const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const coded = z.object({ code: z.string() });

function causeCode(error: Error): string {
  const found = coded.safeParse(error.cause);
  return found.success ? found.data.code : '';
}
