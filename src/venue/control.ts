import { FAULT_KINDS } from './fault/fault-kinds.ts';
import { paramsOf } from './fault/fault-words.ts';
import type { VenueResponse } from './request.ts';
import type { Venue } from './venue.ts';

/** What a bearer token may do here: nothing although it is good elsewhere, look at everything, or make trouble too. */
export type ControlRight = 'none' | 'known' | 'look' | 'control';

/** A request for the venue itself, not for the exchange it plays. */
export interface ControlRequest {
  readonly method: string;
  /** Begins with `/venue/`. */
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly right: ControlRight;
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const WIRE_USUAL = 1000;
const WIRE_MAX = 10_000;

interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  readonly answer: (venue: Venue, request: ControlRequest, part: string) => VenueResponse;
}

const ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: /^\/venue\/ledger$/, answer: (venue) => json(200, venue.ledger()) },
  { method: 'GET', path: /^\/venue\/state$/, answer: (venue) => json(200, venue.state()) },
  { method: 'GET', path: /^\/venue\/wire$/, answer: wire },
  { method: 'GET', path: /^\/venue\/faults$/, answer: (venue) => json(200, faultsReport(venue)) },
  { method: 'GET', path: /^\/venue\/faults\/kinds$/, answer: () => json(200, { kinds: kindsReport() }) },
  { method: 'POST', path: /^\/venue\/faults$/, answer: begin },
  { method: 'DELETE', path: /^\/venue\/faults$/, answer: endAll },
  { method: 'DELETE', path: /^\/venue\/faults\/(\d{1,15})$/, answer: endOne },
];

/**
 * The judge's view and the switches of the venue: `/venue/ledger`, `/venue/state`, `/venue/wire` and
 * `/venue/faults`. Looking takes a right to look, changing anything the right to control.
 */
export function answerControl(venue: Venue, request: ControlRequest): VenueResponse {
  if (request.right === 'none') return json(401, { error: 'a bearer token is needed' });
  if (request.right === 'known') return json(403, { error: 'this takes an admin token' });
  const served = ROUTES.filter((route) => route.path.test(request.path));
  const route = served.find((each) => each.method === request.method);
  if (route === undefined) {
    return served.length === 0
      ? json(404, { error: `there is no ${request.path}` })
      : json(405, { error: `${request.path} takes ${served.map((each) => each.method).join(', ')}` });
  }
  if (route.method !== 'GET' && request.right !== 'control') {
    return json(403, { error: 'this takes the control token of the venue' });
  }
  return route.answer(venue, request, route.path.exec(request.path)?.[1] ?? '');
}

function begin(venue: Venue, request: ControlRequest): VenueResponse {
  const input = parseJson(request.body);
  if (input === undefined) return json(400, { error: 'the body is no JSON' });
  const added = venue.faults.add(input);
  return added.ok ? json(201, added.value) : json(400, { error: added.error });
}

function endOne(venue: Venue, _request: ControlRequest, id: string): VenueResponse {
  return venue.faults.remove(Number(id))
    ? json(200, { ended: 1 })
    : json(404, { error: `no fault ${id} is active` });
}

function endAll(venue: Venue, request: ControlRequest): VenueResponse {
  const name = new URLSearchParams(request.query).get('name');
  return json(200, { ended: venue.faults.removeAll(name) });
}

function wire(venue: Venue, request: ControlRequest): VenueResponse {
  const query = new URLSearchParams(request.query);
  const odd = ['after', 'limit'].find((name) => query.has(name) && wholeOf(query.get(name)) === null);
  if (odd !== undefined) return json(400, { error: `${odd} takes a whole number` });
  const limit = Math.min(WIRE_MAX, wholeOf(query.get('limit')) ?? WIRE_USUAL);
  return json(200, { records: venue.wire(wholeOf(query.get('after')), limit) });
}

function faultsReport(venue: Venue): unknown {
  return { ...venue.faults.report(), strikes: venue.faults.strikes() };
}

function kindsReport(): unknown {
  return FAULT_KINDS.map(({ name, purpose, params }) => ({ name, purpose, params: paramsOf(params) }));
}

function wholeOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): VenueResponse {
  return { status, headers: HEADERS, body: JSON.stringify(value) };
}
