import {
  intentFileSchema,
  intentParametersSchema,
  intentSchema,
  intentsQuerySchema,
} from '../../api/intent.ts';
import { pageOf } from '../../api/wire-values.ts';
import type { IntentsApi } from '../intents-api.ts';
import { paged, pageRequest } from '../paged.ts';
import { refusal } from '../problem.ts';
import type { ApiServer } from '../server.ts';

/** Orders as they were journaled before they were sent, and how their outcomes were found out. */
export function intentRoutes(app: ApiServer, intents: IntentsApi): void {
  app.get('/api/intents', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Orders as they were journaled before they were sent, newest first',
      tags: ['account'],
      querystring: intentsQuerySchema,
      response: { 200: pageOf(intentSchema) },
    },
    handler: async ({ query }) => {
      const { state = null, symbol = null } = query;
      return paged(await intents.list({ ...pageRequest(query), state, symbol }));
    },
  });

  app.get('/api/intents/:id', {
    config: { role: 'viewer' },
    schema: {
      summary: 'One order with all that was asked, and said, about its outcome',
      tags: ['account'],
      params: intentParametersSchema,
      response: { 200: intentFileSchema },
    },
    handler: async ({ params }) => {
      const file = await intents.find(params.id);
      if (file === null)
        throw refusal('intent.unknown', `There is no order ${params.id}; GET /api/intents lists them.`);
      return file;
    },
  });
}
