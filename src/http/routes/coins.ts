import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  coinCandlesSchema,
  coinDecisionQuerySchema,
  coinDecisionSchema,
  coinHistoryQuerySchema,
  coinListSchema,
  coinRowSchema,
  coinRsiSchema,
} from '../../api/coin.ts';
import { coinParametersSchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { acceptsGzip, type CoinListBody, type EncodedBody, matchesEtag } from '../coin-list-body.ts';
import { refusal } from '../problem.ts';
import type { ApiServer } from '../server.ts';

/** The scan table and everything about one coin. */
export function coinRoutes(app: ApiServer, api: BotsApi, list: CoinListBody): void {
  app.get('/api/coins', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The scan table; conditional by ETag, compressed on request',
      tags: ['coins'],
      response: { 200: coinListSchema },
    },
    handler: (request, reply) => sendList(list, request, reply),
  });

  app.get('/api/coins/:symbol', {
    config: { role: 'viewer' },
    schema: {
      summary: 'One row of the scan table',
      tags: ['coins'],
      params: coinParametersSchema,
      response: { 200: coinRowSchema },
    },
    handler: async ({ params }) => found(api.coin(params.symbol), params.symbol),
  });

  historyRoutes(app, api);
}

function historyRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/coins/:symbol/candles', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The newest closed candles, oldest first',
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: coinHistoryQuerySchema,
      response: { 200: coinCandlesSchema },
    },
    handler: async ({ params, query }) => found(api.candles(params.symbol, query.limit), params.symbol),
  });

  app.get('/api/coins/:symbol/rsi', {
    config: { role: 'viewer' },
    schema: {
      summary: 'RSI at each of the newest closed candles; null in warm-up',
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: coinHistoryQuerySchema,
      response: { 200: coinRsiSchema },
    },
    handler: async ({ params, query }) => found(api.rsi(params.symbol, query.limit), params.symbol),
  });

  app.get('/api/coins/:symbol/decision', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Why the engine does or does not act on the coin: now, and before',
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: coinDecisionQuerySchema,
      response: { 200: coinDecisionSchema },
    },
    handler: async ({ params, query }) =>
      found(await api.decision(params.symbol, query.history), params.symbol),
  });
}

function found<T>(value: T | null, symbol: string): T {
  if (value === null) throw refusal('coin.unknown', `There is no coin named ${symbol}.`);
  return value;
}

/** The one hot address: head and bytes go to the socket as they were prepared, past the framework. */
function sendList(list: CoinListBody, request: FastifyRequest, reply: FastifyReply): void {
  const { headers } = request;
  const current = list.current();
  if (matchesEtag(headers['if-none-match'], current.etag)) {
    reply.hijack();
    reply.raw.writeHead(304, current.unchangedHead).end();
    return;
  }
  if (!acceptsGzip(headers['accept-encoding'])) {
    sendBody(current.plain, reply);
    return;
  }
  const zipped = current.zipped();
  if (!(zipped instanceof Promise)) {
    sendBody(zipped, reply);
    return;
  }
  zipped.then(
    (body) => sendBody(body, reply),
    (error: unknown) => reply.send(error),
  );
}

function sendBody(body: EncodedBody, reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, body.head).end(body.bytes);
}
