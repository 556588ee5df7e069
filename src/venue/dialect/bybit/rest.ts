import type { KeyPermission } from '../../key-terms.ts';
import type { VenueRequest, VenueResponse } from '../../request.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import type { VenueAccount } from '../../venue-account.ts';
import { accountRoutes } from './account-routes.ts';
import { batchRoutes } from './batch-routes.ts';
import type { Credentials } from './credentials.ts';
import { historyRoutes } from './history-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { marginRoutes } from './margin-routes.ts';
import { marketRoutes } from './market-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { positionRoutes } from './position-routes.ts';
import { priceLimitRoute } from './price-limit-route.ts';
import { type EndpointUse, RateGate, type VenueLimits } from './rate-gate.ts';
import { envelope, type Reply, refused } from './reply.ts';
import { riskRoutes } from './risk-routes.ts';
import type { PrivateRoute, Route } from './route.ts';
import { stopRoutes } from './stop-routes.ts';

/** A body larger than this is not read. */
export const BODY_BYTES_MAX = 64 * 1024;

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** Bybit's REST interface: one request in, one response out. */
export class BybitRest {
  private readonly floor: TradingFloor;
  private readonly credentials: Credentials;
  private readonly gate: RateGate;
  private readonly routes: ReadonlyMap<string, Route>;

  constructor(options: {
    readonly floor: TradingFloor;
    readonly credentials: Credentials;
    readonly limits: VenueLimits;
  }) {
    this.floor = options.floor;
    this.credentials = options.credentials;
    this.gate = new RateGate(options.limits);
    const all: readonly Route[] = [
      ...marketRoutes,
      priceLimitRoute,
      ...accountRoutes(),
      ...positionRoutes,
      ...marginRoutes,
      ...ledgerRoutes,
      ...riskRoutes,
      ...stopRoutes,
      ...orderRoutes,
      ...batchRoutes,
      ...historyRoutes,
    ];
    this.routes = new Map(all.map((route) => [`${route.method} ${route.path}`, route]));
  }

  /** Answers a request. Business refusals come with HTTP 200 and a `retCode`. */
  answer(request: VenueRequest): VenueResponse {
    if (!this.gate.admitAddress(request.address, this.floor.nowMs())) {
      return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'access too frequent' };
    }
    if (Buffer.byteLength(request.body) > BODY_BYTES_MAX) {
      return this.respond(413, refused(10001, 'request body is too large'));
    }
    const route = this.routes.get(`${request.method} ${request.path}`);
    if (route === undefined) return this.respond(404, refused(10017, 'Route not found.'));
    const input = inputOf(request);
    if (route.access === 'private') return this.answerPrivate(request, route, input);
    if (input === null) return this.respond(200, refused(10001, 'Request parameter error'));
    return this.respond(200, route.answer({ floor: this.floor, input }));
  }

  private answerPrivate(request: VenueRequest, route: PrivateRoute, input: unknown): VenueResponse {
    const nowMs = this.floor.nowMs();
    const payload = request.method === 'GET' ? request.query : request.body;
    const { headers, address } = request;
    const needs = permissionFor(route);
    const verified = this.credentials.verify({ headers, payload, address, nowMs, needs });
    if ('kind' in verified) return this.respond(200, verified);
    const { reply, use } = this.answerVerified(verified, route, input);
    return this.respond(200, reply, use);
  }

  /** The same by stream: its account is logged in, nothing is signed. An input that is no object is refused. */
  answerStream(
    verified: VenueAccount,
    path: string,
    input: unknown,
  ): { reply: Reply; use: EndpointUse | null } {
    const route = this.routes.get(`POST ${path}`);
    if (route?.access !== 'private') return { reply: refused(10404, 'op type is not found'), use: null };
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    return this.answerVerified(verified, route, isObject ? input : null);
  }

  private answerVerified(
    verified: VenueAccount,
    route: PrivateRoute,
    input: unknown,
  ): { reply: Reply; use: EndpointUse } {
    const cost = input === null ? 1 : (route.cost?.(input) ?? 1);
    const use = this.gate.countEndpoint(verified.uid, route, cost, this.floor.nowMs());
    if (!use.isAllowed) {
      return { reply: refused(10006, 'Too many visits. Exceeded the API Rate Limit.'), use };
    }
    if (input === null) return { reply: refused(10001, 'Request parameter error'), use };
    const caller = { account: this.floor.account(verified.uid), apiKey: verified.apiKey };
    return { reply: route.answer({ floor: this.floor, input, caller, granted: use.granted }), use };
  }

  private respond(status: number, reply: Reply, use: EndpointUse | null = null): VenueResponse {
    const headers = use === null ? JSON_HEADERS : { ...JSON_HEADERS, ...limitHeaders(use) };
    return { status, headers, body: envelope(reply, this.floor.nowMs()) };
  }
}

/** What a key has to be allowed: asking is reading, moving money has a right of its own. */
function permissionFor(route: PrivateRoute): KeyPermission {
  if (route.method === 'GET') return 'read';
  return route.path.startsWith('/v5/asset/') ? 'withdraw' : 'trade';
}

/** The fields of a GET's query or a POST's JSON object; null when the body is no JSON object. */
function inputOf(request: VenueRequest): unknown {
  if (request.method === 'GET') return Object.fromEntries(new URLSearchParams(request.query));
  try {
    const body: unknown = JSON.parse(request.body);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

function limitHeaders(use: EndpointUse): Record<string, string> {
  return {
    'X-Bapi-Limit': String(use.limit),
    'X-Bapi-Limit-Status': String(use.remaining),
    'X-Bapi-Limit-Reset-Timestamp': String(use.resetMs),
  };
}
