import type { z } from 'zod';
import { eventSchema, tradeSchema } from '../../api/position.ts';
import { pageOf, pageQuerySchema } from '../../api/wire-values.ts';
import type { BotsApi, PageRequest, Rows } from '../bots-api.ts';
import type { ApiServer } from '../server.ts';

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
}

function pageRequest(query: z.infer<typeof pageQuerySchema>): PageRequest {
  return { limit: query.limit, cursor: query.cursor ?? null };
}

function page<T>({ rows, nextCursor }: Rows<T>): { rows: T[]; nextCursor: string | null } {
  return { rows: [...rows], nextCursor };
}
