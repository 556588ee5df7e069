import { z } from 'zod';
import type { VenueResponse } from '../request.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind, type RequestStrike } from './fault.ts';
import { concerns, durationOr, numberInput, requestFilter } from './fault-input.ts';

const filtered = z.strictObject(requestFilter);
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const HTML =
  '<html><head><title>Maintenance</title></head><body><h1>We will be back soon.</h1></body></html>';
/** Whether the venue has done what was asked when its answer is spoilt. */
const executedInput = z.enum(['never', 'always', 'sometimes']).default('sometimes');
const spoiling = { ...requestFilter, executed: executedInput };

/** Faults of single requests and their answers. */
export const requestFaults: readonly FaultKind[] = [
  faultKind({
    name: 'request-lost',
    purpose: 'A request never arrives.',
    params: filtered,
    hooks: (params, site) => onRequests(params, site, () => ({ request: 'lost' })),
  }),
  faultKind({
    name: 'request-late',
    purpose: 'The connection breaks, and the request arrives when nobody waits for its answer any more.',
    params: z.strictObject({ ...requestFilter, delay: durationOr(3000) }),
    hooks: (params, site) => onRequests(params, site, () => ({ request: { afterMs: params.delay } })),
  }),
  faultKind({
    name: 'request-duplicated',
    purpose: 'A request arrives twice; the answer to the second comes back.',
    params: filtered,
    hooks: (params, site) => onRequests(params, site, () => ({ request: 'twice' })),
  }),
  faultKind({
    name: 'reply-lost',
    purpose: 'The venue does what was asked; its answer never arrives.',
    params: filtered,
    hooks: (params, site) => onRequests(params, site, () => ({ transit: 'lost' })),
  }),
  faultKind({
    name: 'reply-late',
    purpose: 'The answer comes late: between half of the delay and all of it.',
    params: z.strictObject({ ...requestFilter, delay: durationOr(10_000) }),
    hooks: (params, site) =>
      onRequests(params, site, () => ({
        transit: { afterMs: Math.round(params.delay * (0.5 + site.dice.next() / 2)) },
      })),
  }),
  faultKind({
    name: 'reply-duplicated',
    purpose: 'The bytes of the answer come twice on the same connection.',
    params: filtered,
    hooks: (params, site) => onRequests(params, site, () => ({ transit: 'twice' })),
  }),
  faultKind({
    name: 'connection-reset',
    purpose: 'The connection breaks in the middle of the answer.',
    params: filtered,
    hooks: (params, site) => onRequests(params, site, () => ({ transit: 'reset' })),
  }),
  faultKind({
    name: 'http-error',
    purpose: 'A server between the client and the venue answers with an HTTP error.',
    params: z.strictObject({ ...spoiling, status: numberInput({ min: 400, max: 599, usual: 502 }) }),
    hooks: (params, site) =>
      spoilt(params, site, () => ({
        status: params.status,
        headers: { 'content-type': 'text/plain' },
        body: '',
      })),
  }),
  faultKind({
    name: 'html-body',
    purpose: 'A page for people comes where JSON was expected, with status 200.',
    params: z.strictObject(spoiling),
    hooks: (params, site) =>
      spoilt(params, site, () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: HTML })),
  }),
  faultKind({
    name: 'json-truncated',
    purpose: 'The answer ends in the middle, as if it were whole.',
    params: filtered,
    hooks: (params, site) => {
      const half = (response: VenueResponse): VenueResponse => ({
        ...response,
        body: response.body.slice(0, Math.floor(response.body.length / 2)),
      });
      return onRequests(params, site, () => ({ reply: half }));
    },
  }),
  faultKind({
    name: 'error-code',
    purpose: 'An answer with HTTP 200 and an error code, by default one for a server that timed out.',
    params: z.strictObject({
      ...spoiling,
      code: numberInput({ min: -9_999_999, max: 9_999_999, usual: 10000 }),
      message: z.string().default('Server Timeout'),
    }),
    hooks: (params, site) => spoilt(params, site, () => refusal(site, params.code, params.message)),
  }),
  faultKind({
    name: 'unknown-code',
    purpose: 'An error code that nobody has documented.',
    params: z.strictObject(spoiling),
    hooks: (params, site) =>
      spoilt(params, site, () => refusal(site, 7_000_000 + site.dice.integer(999_999), 'unexpected')),
  }),
  faultKind({
    name: 'rate-limited',
    purpose: 'The account has sent too much: 10006 with the time from which it may go on.',
    params: z.strictObject({ ...requestFilter, wait: durationOr(1000) }),
    hooks: (params, site) => onRequests(params, site, () => ({ instead: tooMany(site, params.wait) })),
  }),
  faultKind({
    name: 'address-banned',
    purpose: 'The address is shut out: 403 for every request.',
    params: filtered,
    hooks: (params, site) =>
      onRequests(params, site, () => ({
        instead: { status: 403, headers: { 'content-type': 'text/plain' }, body: 'access too frequent' },
      })),
  }),
  faultKind({
    name: 'key-refused',
    purpose: 'The key is no good: invalid, expired, without permission or from the wrong address.',
    params: z.strictObject({
      ...requestFilter,
      reason: z.enum(['invalid', 'expired', 'permission', 'address', 'banned']).default('invalid'),
    }),
    hooks: (params, site) =>
      onSigned(params, site, () => ({ instead: refusal(site, ...KEY_REFUSALS[params.reason]) })),
  }),
  faultKind({
    name: 'maintenance',
    purpose: 'The exchange is being worked on: streams end, none can be opened, requests get 503 or 10016.',
    params: z.strictObject({ answer: z.enum(['503', '10016']).default('503') }),
    hooks: (params, site) => maintenance(site, params.answer === '503'),
  }),
  faultKind({
    name: 'halt',
    purpose: 'Trading stands still: orders are refused, cancelling is still possible.',
    params: z.strictObject({ mode: z.enum(['all', 'entries']).default('all') }),
    hooks: (params, site) => halt(site, params.mode === 'entries'),
  }),
];

const KEY_REFUSALS: Readonly<Record<string, readonly [number, string]>> & {
  readonly [K in 'invalid' | 'expired' | 'permission' | 'address' | 'banned']: readonly [number, string];
} = {
  invalid: [10003, 'API key is invalid.'],
  expired: [33004, 'Your api key has expired.'],
  permission: [10005, 'Permission denied, please check your API key permissions.'],
  address: [10010, 'Unmatched IP, please check your API key bound IP addresses.'],
  banned: [10008, 'Common ban applied, please check your account mode'],
};

/** Strikes the requests of a filter. */
function onRequests(
  filter: { readonly path: string; readonly method: 'GET' | 'POST' | 'any' },
  site: FaultSite,
  strike: () => RequestStrike,
): FaultHooks {
  return {
    onRequest: (request) =>
      concerns(filter, request) && site.strike(`${request.method} ${request.path}`) ? strike() : null,
  };
}

function onSigned(
  filter: { readonly path: string; readonly method: 'GET' | 'POST' | 'any' },
  site: FaultSite,
  strike: () => RequestStrike,
): FaultHooks {
  return {
    onRequest: (request) => {
      const isSigned = request.headers['x-bapi-sign'] !== undefined;
      return isSigned && concerns(filter, request) && site.strike(`${request.method} ${request.path}`)
        ? strike()
        : null;
    },
  };
}

function spoilt(
  params: {
    readonly path: string;
    readonly method: 'GET' | 'POST' | 'any';
    readonly executed: z.output<typeof executedInput>;
  },
  site: FaultSite,
  answer: () => VenueResponse,
): FaultHooks {
  return onRequests(params, site, () => {
    const isExecuted =
      params.executed === 'always' || (params.executed === 'sometimes' && site.dice.next() < 0.5);
    const spoiltAnswer = answer();
    return isExecuted ? { reply: () => spoiltAnswer } : { instead: spoiltAnswer };
  });
}

/** A refusal in the exchange's envelope. */
export function refusal(site: Pick<FaultSite, 'clock'>, code: number, message: string): VenueResponse {
  const time = site.clock.nowMs();
  const body = JSON.stringify({ retCode: code, retMsg: message, result: {}, retExtInfo: {}, time });
  return { status: 200, headers: JSON_HEADERS, body };
}

function tooMany(site: FaultSite, waitMs: number): VenueResponse {
  const answer = refusal(site, 10006, 'Too many visits. Exceeded the API Rate Limit.');
  const limits = {
    'X-Bapi-Limit': '10',
    'X-Bapi-Limit-Status': '0',
    'X-Bapi-Limit-Reset-Timestamp': String(site.clock.nowMs() + waitMs),
  };
  return { ...answer, headers: { ...answer.headers, ...limits } };
}

function maintenance(site: FaultSite, isHttp: boolean): FaultHooks {
  site.channels.cut('/', 'maintenance');
  const answer = (): VenueResponse =>
    isHttp
      ? { status: 503, headers: { 'content-type': 'text/html' }, body: HTML }
      : refusal(site, 10016, 'Server error.');
  return {
    onOpen: () => (site.strike('a stream was refused') ? 'maintenance' : null),
    onRequest: ({ path }) => (site.strike(`a request of ${path}`) ? { instead: answer() } : null),
  };
}

const ORDERING = /^\/v5\/order\/(create|create-batch|amend|amend-batch)$/;

function halt(site: FaultSite, entriesOnly: boolean): FaultHooks {
  return {
    onRequest: ({ path, body }) => {
      const isSpared = entriesOnly && /"reduceOnly"\s*:\s*true/.test(body);
      if (!ORDERING.test(path) || isSpared || !site.strike(`an order at ${path}`)) return null;
      return { instead: refusal(site, 110066, 'Trading is currently not allowed.') };
    },
  };
}
