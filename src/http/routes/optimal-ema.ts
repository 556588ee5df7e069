import { optimalEmaListSchema, optimalEmaSchema, searchEmaSchema } from '../../api/optimal-ema.ts';
import { coinParametersSchema } from '../../api/wire-values.ts';
import type { OptimalEmaApi } from '../optimal-ema-api.ts';
import { refusal } from '../problem.ts';
import type { ApiServer } from '../server.ts';

/** Pairs of averages that were searched for, with their evidence. */
export function optimalEmaRoutes(app: ApiServer, api: OptimalEmaApi): void {
  app.get('/api/optimal-ema', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The pair of averages of every coin that was searched, with its evidence',
      tags: ['optimal-ema'],
      response: { 200: optimalEmaListSchema },
    },
    handler: () => api.list(),
  });

  app.get('/api/optimal-ema/:symbol', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The pair of averages of one coin, with its evidence',
      tags: ['optimal-ema'],
      params: coinParametersSchema,
      response: { 200: optimalEmaSchema },
    },
    handler: async ({ params }) => found(await api.of(params.symbol), params.symbol),
  });

  app.post('/api/optimal-ema/:symbol/search', {
    config: { role: 'trader' },
    schema: {
      summary: 'Search the pair of averages of one coin, unless a fresh result is there',
      tags: ['optimal-ema'],
      params: coinParametersSchema,
      body: searchEmaSchema,
      response: { 200: optimalEmaSchema },
    },
    handler: async ({ params, body }) => found(await api.search(params.symbol, body.force), params.symbol),
  });
}

function found<T>(value: T | null, symbol: string): T {
  if (value !== null) return value;
  throw refusal('optimal-ema.unknown', `There is no searched pair of averages for a coin named ${symbol}.`);
}
