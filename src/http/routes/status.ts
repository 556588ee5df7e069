import { statusSchema, workerListSchema, workerParametersSchema, workerRunSchema } from '../../api/status.ts';
import { reasonBodySchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { refusal } from '../problem.ts';
import { type ApiServer, actorOf } from '../server.ts';

/** How the service and its periodic jobs are. */
export function statusRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/status', {
    config: { role: 'viewer' },
    schema: { summary: 'How the service is', tags: ['status'], response: { 200: statusSchema } },
    handler: async () => api.status(),
  });

  app.get('/api/workers', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Periodic jobs: last run, duration, error, next run',
      tags: ['status'],
      response: { 200: workerListSchema },
    },
    handler: async () => ({ rows: [...api.workers()] }),
  });

  app.post('/api/workers/:name/run', {
    config: { role: 'trader' },
    schema: {
      summary: 'Run a periodic job now; a run under way goes on alone',
      tags: ['status'],
      params: workerParametersSchema,
      body: reasonBodySchema,
      response: { 200: workerRunSchema },
    },
    handler: async (request) => {
      const { name } = request.params;
      const run = await api.runWorker(name, actorOf(request), request.body.reason);
      if (run !== null) return run;
      throw refusal('worker.unknown', `There is no job ${name}; GET /api/workers lists those there are.`);
    },
  });
}
