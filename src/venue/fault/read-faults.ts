import { z } from 'zod';
import type { VenueResponse } from '../request.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind } from './fault.ts';
import { concerns } from './fault-input.ts';

const PRIVATE_READS = ['/v5/position/list', '/v5/order/realtime', '/v5/order/history', '/v5/execution/list'];
const JSON_VALUE = z.record(z.string(), z.unknown());

const reads = z.strictObject({
  path: z.string().startsWith('/', 'takes a path such as /v5/order').optional(),
});
type ReadFilter = z.output<typeof reads>;

/** Faults of answers that look right. Without a path they strike what an account reads of itself. */
export const readFaults: readonly FaultKind[] = [
  faultKind({
    name: 'read-empty',
    purpose: 'A list is empty although there is something in it.',
    params: reads,
    hooks: (filter, site) => edited(filter, site, (result) => ({ ...result, list: [], nextPageCursor: '' })),
  }),
  faultKind({
    name: 'read-partial',
    purpose: 'Half of a list is missing, and no cursor says so.',
    params: reads,
    hooks: (filter, site) =>
      edited(filter, site, (result) => {
        const list = Array.isArray(result['list']) ? result['list'] : [];
        return { ...result, list: list.slice(0, Math.floor(list.length / 2)), nextPageCursor: '' };
      }),
  }),
  faultKind({
    name: 'read-listless',
    purpose: 'An answer without its list: nothing, or null.',
    params: reads,
    hooks: (filter, site) =>
      edited(filter, site, (result) => {
        const { list: _, ...rest } = result;
        return site.dice.next() < 0.5 ? rest : { ...result, list: null };
      }),
  }),
  faultKind({
    name: 'read-stale',
    purpose: 'Each question is answered for ever as it was the first time, the old time included.',
    params: reads,
    hooks: (filter, site) => remembered(filter, site, (first) => first),
  }),
  faultKind({
    name: 'read-previous',
    purpose: 'A replica that lags: each question gets the answer to the time before, under a fresh time.',
    params: reads,
    hooks: (filter, site) => previous(filter, site),
  }),
];

function isConcerned(
  filter: ReadFilter,
  request: { readonly method: string; readonly path: string },
): boolean {
  if (filter.path === undefined) return request.method === 'GET' && PRIVATE_READS.includes(request.path);
  return concerns({ path: filter.path, method: 'GET' }, request);
}

function edited(
  filter: ReadFilter,
  site: FaultSite,
  edit: (result: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): FaultHooks {
  return {
    onRequest: (request) =>
      isConcerned(filter, request) && site.strike(`${request.path}?${request.query}`)
        ? { reply: (response) => withResult(response, edit) }
        : null,
  };
}

function remembered(
  filter: ReadFilter,
  site: FaultSite,
  choose: (first: VenueResponse) => VenueResponse,
): FaultHooks {
  const first = new Map<string, VenueResponse>();
  return {
    onRequest: (request) => {
      if (!isConcerned(filter, request)) return null;
      const key = `${request.path}?${request.query}`;
      const known = first.get(key);
      if (known !== undefined && site.strike(key)) return { reply: () => choose(known) };
      return {
        reply: (response) => {
          if (known === undefined) first.set(key, response);
          return response;
        },
      };
    },
  };
}

function previous(filter: ReadFilter, site: FaultSite): FaultHooks {
  const last = new Map<string, VenueResponse>();
  return {
    onRequest: (request) => {
      if (!isConcerned(filter, request)) return null;
      const key = `${request.path}?${request.query}`;
      return {
        reply: (response) => {
          const before = last.get(key);
          last.set(key, response);
          return before !== undefined && site.strike(key) ? withTime(before, site.clock.nowMs()) : response;
        },
      };
    },
  };
}

/** The envelope with another result; an answer that is none, for another fault has spoilt it, stays as it is. */
function withResult(
  response: VenueResponse,
  edit: (result: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): VenueResponse {
  const envelope = parsedObject(response.body);
  const result = JSON_VALUE.safeParse(envelope?.['result']).data;
  if (result === undefined) return response;
  return { ...response, body: JSON.stringify({ ...envelope, result: edit(result) }) };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON_VALUE.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function withTime(response: VenueResponse, nowMs: number): VenueResponse {
  return { ...response, body: response.body.replace(/"time":\d+\}$/, `"time":${nowMs}}`) };
}
