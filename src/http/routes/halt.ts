import { doneSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { HaltApi } from '../halt-api.ts';
import { refusal } from '../problem.ts';
import { type ApiServer, actorOf } from '../server.ts';

/** The kill switch: whoever may trade may press it; it is lifted at the command line alone. */
export function haltRoutes(app: ApiServer, api: HaltApi): void {
  app.post('/api/halt', {
    config: { role: 'trader' },
    schema: {
      summary:
        'Enter nothing any more and take resting entries back; stops and exits go on. Outlives restarts',
      tags: ['risk'],
      body: reasonBodySchema,
      response: { 200: doneSchema },
    },
    handler: async (request) => ({
      done: true as const,
      message: await api.halt(actorOf(request), request.body.reason),
    }),
  });

  app.post('/api/resume', {
    config: { role: 'admin' },
    schema: {
      summary: 'Lift a halt: refused here, it takes the command line',
      tags: ['risk'],
      body: reasonBodySchema,
      response: { 200: doneSchema },
    },
    handler: async () => {
      throw refusal(
        'command.console-only',
        'A halt is lifted at the command line of the machine: infobot resume --reason "why".',
      );
    },
  });
}
