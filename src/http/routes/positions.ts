import { disownSchema, positionListSchema } from '../../api/position.ts';
import { doneSchema, idParametersSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { runCommand } from '../run-command.ts';
import { type ApiServer, actorOf } from '../server.ts';

const ACTIONS = [
  ['close', 'close-position', 'Close a position at the market', reasonBodySchema],
  ['adopt', 'adopt-position', 'Make a foreign position ours: from now on it is guarded', reasonBodySchema],
  ['ignore', 'ignore-position', 'Hear no more of a foreign position until it changes', reasonBodySchema],
  [
    'unfreeze',
    'unfreeze-instrument',
    'Let entries go on where an order came as a surprise',
    reasonBodySchema,
  ],
  ['disown', 'disown-position', 'Give a position up: it is foreign and unguarded from now on', disownSchema],
] as const;

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

  for (const [action, kind, summary, body] of ACTIONS) {
    app.post(`/api/positions/:id/${action}`, {
      config: { role: 'trader' },
      schema: { summary, tags: ['account'], params: idParametersSchema, body, response: { 200: doneSchema } },
      handler: async (request) =>
        runCommand(api, { kind, symbol: request.params.id }, actorOf(request), request.body.reason),
    });
  }
}
