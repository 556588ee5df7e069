import {
  fillSchema,
  fillsQuerySchema,
  reconciliationQuerySchema,
  reconciliationSchema,
  restingOrdersQuerySchema,
  restingOrdersSchema,
} from '../../api/reconciliation.ts';
import { pageOf } from '../../api/wire-values.ts';
import { paged, pageRequest } from '../paged.ts';
import type { ReconciliationApi } from '../reconciliation-api.ts';
import type { ApiServer } from '../server.ts';

/** What the exchange's account holds, and whether it is what we hold. */
export function reconciliationRoutes(app: ApiServer, api: ReconciliationApi): void {
  app.get('/api/reconciliation', {
    config: { role: 'viewer' },
    schema: {
      summary:
        "What the exchange's account and ours differ in now, and a page of what they differed in, newest first",
      tags: ['account'],
      querystring: reconciliationQuerySchema,
      response: { 200: reconciliationSchema },
    },
    handler: async ({ query }) => {
      const { kind = null, symbol = null } = query;
      const ended = paged(await api.ended({ ...pageRequest(query), kind, symbol }));
      return { ...(await api.standing()), ...ended };
    },
  });

  app.get('/api/orders', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Orders that rest at the exchange by its newest list, ours and others, newest first',
      tags: ['account'],
      querystring: restingOrdersQuerySchema,
      response: { 200: restingOrdersSchema },
    },
    handler: async ({ query }) => {
      const { symbol = null, ours = null } = query;
      const found = await api.orders({ ...pageRequest(query), symbol, ours });
      return { ...paged(found), asOfMs: found?.asOfMs ?? null };
    },
  });

  app.get('/api/fills', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Every execution that was told, newest first',
      tags: ['account'],
      querystring: fillsQuerySchema,
      response: { 200: pageOf(fillSchema) },
    },
    handler: async ({ query }) => {
      const { symbol = null, intent = null } = query;
      return paged(await api.fills({ ...pageRequest(query), symbol, intentId: intent }));
    },
  });
}
