import { decisionPageQuerySchema, decisionSchema } from '../../api/coin.ts';
import { eventSchema, tradeSchema } from '../../api/position.ts';
import { pageOf, pageQuerySchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { paged, pageRequest } from '../paged.ts';
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
    handler: async ({ query }) => paged(await api.trades(pageRequest(query))),
  });

  app.get('/api/events', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What the service noticed or did, newest first',
      tags: ['history'],
      querystring: pageQuerySchema,
      response: { 200: pageOf(eventSchema) },
    },
    handler: async ({ query }) => paged(await api.events(pageRequest(query))),
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
      return paged(await api.decisions({ ...pageRequest(query), symbol, outcome }));
    },
  });
}
