import { positionListSchema } from '../../api/position.ts';
import { doneSchema, idParametersSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { runCommand } from '../run-command.ts';
import { type ApiServer, actorOf } from '../server.ts';

/** What is open at the exchange. */
export function positionRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/positions', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Open positions, ours and foreign',
      tags: ['account'],
      response: { 200: positionListSchema },
    },
    handler: async () => api.positions(),
  });

  app.post('/api/positions/:id/close', {
    config: { role: 'trader' },
    schema: {
      summary: 'Close a position at the market',
      tags: ['account'],
      params: idParametersSchema,
      body: reasonBodySchema,
      response: { 200: doneSchema },
    },
    handler: async (request) =>
      runCommand(
        api,
        { kind: 'close-position', symbol: request.params.id },
        actorOf(request),
        request.body.reason,
      ),
  });
}
