import { coinCloseSchema } from '../../api/coin.ts';
import {
  blockersQuerySchema,
  blockersSchema,
  candidatesQuerySchema,
  candidatesSchema,
  changesSchema,
  coinClosesQuerySchema,
  funnelQuerySchema,
  funnelSchema,
} from '../../api/decision-log.ts';
import { coinParametersSchema, pageOf } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { paged, pageRequest } from '../paged.ts';
import type { ApiServer } from '../server.ts';

/** Why it traded and why not: over all coins and closes, the quiet ones too. */
export function decisionLogRoutes(app: ApiServer, { decisionLog: log }: BotsApi): void {
  app.get('/api/coins/:symbol/decisions', {
    config: { role: 'viewer' },
    schema: {
      summary:
        'One coin at every candle close, newest first: why it was not traded, with or without a signal',
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: coinClosesQuerySchema,
      response: { 200: pageOf(coinCloseSchema) },
    },
    handler: async ({ params, query }) =>
      paged(await log.coinCloses(params.symbol, pageRequest(query), query.verdicts === 'true')),
  });

  app.get('/api/decisions/blockers', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What stood in the way of entries, counted over days, of one coin or of all',
      tags: ['history'],
      querystring: blockersQuerySchema,
      response: { 200: blockersSchema },
    },
    handler: ({ query }) => log.blockers(query.symbol ?? null, query.days),
  });

  app.get('/api/decisions/changes', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Coins whose outcome, signal or blockers changed between the two newest closes',
      tags: ['history'],
      response: { 200: changesSchema },
    },
    handler: () => log.changes(),
  });

  app.get('/api/decisions/funnel', {
    config: { role: 'viewer' },
    schema: {
      summary: 'How many coins came how far at one close',
      tags: ['history'],
      querystring: funnelQuerySchema,
      response: { 200: funnelSchema },
    },
    handler: ({ query }) => log.funnel(query.untilMs ?? null),
  });

  app.get('/api/auto-bot/candidates', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The coins closest to an entry now, and all that would stand against it',
      tags: ['auto-bot'],
      querystring: candidatesQuerySchema,
      response: { 200: candidatesSchema },
    },
    handler: async ({ query }) => log.candidates(query.limit),
  });
}
