import type { z } from 'zod';
import { decisionPageQuerySchema, decisionSchema } from '../../api/coin.ts';
import { eventSchema, tradeSchema } from '../../api/position.ts';
import { pageOf, pageQuerySchema } from '../../api/wire-values.ts';
import type { BotsApi, PageRequest, Rows } from '../bots-api.ts';
import type { ApiServer } from '../server.ts';
import { invalid } from '../translate-error.ts';

/** What happened, newest first, page by page. */
export function historyRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/trades', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Closed positions, newest first',
      tags: ['history'],
      querystring: pageQuerySchema,
      response: { 200: pageOf(tradeSchema) },
    },
    handler: async ({ query }) => page(await api.trades(pageRequest(query))),
  });

  app.get('/api/events', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What the service noticed or did, newest first',
      tags: ['history'],
      querystring: pageQuerySchema,
      response: { 200: pageOf(eventSchema) },
    },
    handler: async ({ query }) => page(await api.events(pageRequest(query))),
  });

  app.get('/api/decisions', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Why the engine did or did not act, over all coins, newest first',
      tags: ['history'],
      querystring: decisionPageQuerySchema,
      response: { 200: pageOf(decisionSchema) },
    },
    handler: async ({ query }) => {
      const { symbol = null, outcome = null } = query;
      return page(await api.decisions({ ...pageRequest(query), symbol, outcome }));
    },
  });
}

function pageRequest(query: z.infer<typeof pageQuerySchema>): PageRequest {
  return { limit: query.limit, cursor: query.cursor ?? null };
}

function page<T>(found: Rows<T> | null): { rows: T[]; nextCursor: string | null } {
  if (found === null) throw invalid([{ path: 'cursor', message: 'Not a cursor that this list gave' }]);
  return { rows: [...found.rows], nextCursor: found.nextCursor };
}
