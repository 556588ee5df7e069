import { autoBotStateSchema } from '../../api/auto-bot.ts';
import { doneSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { runCommand } from '../run-command.ts';
import { type ApiServer, actorOf } from '../server.ts';

/** Auto Bot: its switch. */
export function autoBotRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/auto-bot', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Whether Auto Bot is on, and who set it so',
      tags: ['auto-bot'],
      response: { 200: autoBotStateSchema },
    },
    handler: async () => api.autoBot(),
  });

  for (const [action, kind] of [
    ['enable', 'enable-auto-bot'],
    ['disable', 'disable-auto-bot'],
  ] as const) {
    app.post(`/api/auto-bot/${action}`, {
      config: { role: 'trader' },
      schema: {
        summary:
          action === 'enable' ? 'Let Auto Bot enter' : 'Stop Auto Bot from entering; positions stay guarded',
        tags: ['auto-bot'],
        body: reasonBodySchema,
        response: { 200: doneSchema },
      },
      handler: async (request) => runCommand(api, { kind }, actorOf(request), request.body.reason),
    });
  }
}
