import { statusSchema, workerListSchema } from '../../api/status.ts';
import type { BotsApi } from '../bots-api.ts';
import type { ApiServer } from '../server.ts';

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
}
