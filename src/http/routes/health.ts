import { healthSchema, readySchema, versionSchema } from '../../api/status.ts';
import type { BotsApi } from '../bots-api.ts';
import type { ApiServer } from '../server.ts';

/** `/healthz`: alive; the one address that asks nobody who they are. */
export function healthRoute(app: ApiServer): void {
  app.get('/healthz', {
    config: { role: 'public' },
    schema: { summary: 'Alive', tags: ['status'], response: { 200: healthSchema } },
    handler: async () => ({ ok: true }) as const,
  });
}

/** `/readyz`: may it trade; 503 with the reason when not. `/api/version`: what runs. */
export function readinessRoutes(app: ApiServer, api: BotsApi, version: string): void {
  app.get('/readyz', {
    config: { role: 'viewer' },
    schema: {
      summary: 'May trade, and if not, why',
      tags: ['status'],
      response: { 200: readySchema, 503: readySchema },
    },
    handler: async (_request, reply) => {
      const state = api.ready();
      return reply.code(state.ready ? 200 : 503).send(state);
    },
  });

  app.get('/api/version', {
    config: { role: 'viewer' },
    schema: { summary: 'What runs', tags: ['status'], response: { 200: versionSchema } },
    handler: async () => ({ service: 'bots' as const, version, node: process.versions.node }),
  });
}
