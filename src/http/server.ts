import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
  type onSendHookHandler,
  type preValidationHookHandler,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { assert, ensure } from '../core/base/assert.ts';
import type { Time } from '../platform/time.ts';
import { answerBrokenRequest, answerError, HEADER_BYTES_MAX, type HttpLog } from './answer-error.ts';
import type { Actor } from './caller.ts';
import { parseJsonBody } from './json-body.ts';
import { type ProblemError, refusal } from './problem.ts';
import { BODY_BYTES_MAX, loopbackHosts, refuseRequest } from './request-guard.ts';
import { admit, type RouteRole, RouteTable } from './route-table.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call. A route without it stops the start. */
    role?: RouteRole;
  }
  interface FastifyRequest {
    /** Who calls; null on public routes. */
    actor: Actor | null;
  }
}

export interface HttpServerOptions {
  /** Loopback only: anything else needs TLS and a password, which this server does not have. */
  readonly host: '127.0.0.1' | '::1' | 'localhost';
  /** 0 lets the system choose (tests); the allowed `Host` values follow. */
  readonly port: number;
  readonly time: Time;
  readonly log: HttpLog;
  /** Who calls, from the request's headers; null for nobody. */
  readonly authenticate: (request: FastifyRequest) => Actor | null | Promise<Actor | null>;
}

export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** A server with its life: `listen` resolves with the port in use. */
export interface HttpServer {
  readonly app: ApiServer;
  listen(): Promise<number>;
  /** Refuses new requests, lets running ones finish, ends live streams. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 30_000;
/** 200 live clients and as many ordinary connections. */
const CONNECTIONS_MAX = 512;
const NO_QUERY = z.strictObject({});
const PATH_PART_CHARACTERS_MAX = 200;

/**
 * The hardened base of both servers: loopback only, exact hosts, JSON only, one error table, security headers
 * on every answer, and a role demanded of every route.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  assert(
    options.host === '127.0.0.1' || options.host === '::1' || options.host === 'localhost',
    `The server binds loopback only, not ${options.host}.`,
  );
  let hosts = loopbackHosts(options.port);
  const app = bareServer(options, (request) => refuseRequest(request, hosts));
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('actor', null);
  const routes = new RouteTable();
  app.addHook('onRequest', (request, _reply, done) => {
    done(refuseRequest(request.raw, hosts) ?? undefined);
  });
  app.addHook('onRoute', (route) => {
    const role = routes.add(route);
    // A field that means nothing here was meant for something: no route lets it pass unread.
    if (route.schema !== undefined) route.schema.querystring ??= NO_QUERY;
    if (role !== 'public') route.onRequest = [admission(role, options), ...[route.onRequest ?? []].flat()];
    if (takesEmptyCommand(route))
      route.preValidation = [fillEmptyBody, ...[route.preValidation ?? []].flat()];
  });
  app.addHook('onSend', addHeaders);
  addBodyParser(app);
  app.setErrorHandler((error, request, reply) => answerError(options.log, error, request, reply));
  app.setNotFoundHandler((request, reply) => answerUnknown(routes, request, reply));
  return {
    app,
    listen: async () => {
      await app.listen({ host: options.host, port: options.port });
      const [address] = app.addresses();
      assert(address !== undefined && typeof address !== 'string', 'a listening server has a port');
      hosts = loopbackHosts(address.port);
      return address.port;
    },
    close: () => app.close(),
  };
}

function bareServer(
  options: HttpServerOptions,
  refuse: (request: IncomingMessage) => ProblemError | null,
): ApiServer {
  return fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    requestIdHeader: false,
    genReqId: requestIds(options.time),
    routerOptions: { maxParamLength: PATH_PART_CHARACTERS_MAX, caseSensitive: true },
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS, requireHostHeader: false },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS);
      answerError(options.log, refuse(request.raw) ?? error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
}

/** Unique over restarts, and it tells nothing but the order. */
function requestIds(time: Time): () => string {
  const run = time.nowMs().toString(36);
  let count = 0;
  return () => {
    count += 1;
    return `${run}-${count}`;
  };
}

/** Lets nobody below `role` pass. Made once for a route: asking the framework for a route's options is slow. */
function admission(role: RouteRole, { authenticate }: HttpServerOptions): onRequestHookHandler {
  return (request, _reply, done) => {
    const decide = (actor: Actor | null): ProblemError | undefined => {
      request.actor = actor;
      return admit(actor, role) ?? undefined;
    };
    const found = authenticate(request);
    if (found instanceof Promise) found.then(decide).then(done, done);
    else done(decide(found));
  };
}

/** A command without a body is one with an empty body; `PUT`, which replaces, has no such default. */
function takesEmptyCommand(route: RouteOptions): boolean {
  return route.method === 'POST' && route.schema?.body !== undefined;
}

const fillEmptyBody: preValidationHookHandler = (request, _reply, done) => {
  if (request.body === undefined) request.body = {};
  done();
};

/** A route may have its own policy or cache rule. */
const addHeaders: onSendHookHandler = (request, reply, _payload, done) => {
  for (const [name, value] of SECURITY_ENTRIES) if (!reply.hasHeader(name)) reply.header(name, value);
  reply.header('x-request-id', request.id);
  done();
};

const SECURITY_ENTRIES = Object.entries(SECURITY_HEADERS);

function addBodyParser(app: ApiServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    const body = parseJsonBody(String(text));
    if (body.ok) done(null, body.value);
    else done(body.refusal);
  });
}

/** The caller of a route that is not public. */
export function actorOf(request: FastifyRequest): Actor {
  return ensure(request.actor, 'only public routes have no actor');
}

/** A known address with a foreign method is 405; `OPTIONS` lists what it takes, without opening it to other sites. */
function answerUnknown(routes: RouteTable, request: FastifyRequest, reply: FastifyReply): void {
  const methods = routes.methodsOf(request.url);
  const allow = methods.join(', ');
  if (methods.length === 0 || methods.includes(request.method)) {
    throw refusal('route.unknown', 'There is nothing at this address.');
  }
  if (request.method !== 'OPTIONS') {
    throw refusal('method.not-allowed', `This address takes ${allow}.`, { headers: { allow } });
  }
  reply.code(204).header('allow', allow).send();
}
