import { z } from 'zod';
import { riskSchema } from '../../api/risk.ts';
import { METRICS_TYPE } from '../../platform/metrics.ts';
import type { RiskApi } from '../risk-api.ts';
import type { ApiServer } from '../server.ts';

/** How much may be lost, how positions are protected, and the same as numbers for a monitoring system. */
export function riskRoutes(app: ApiServer, api: RiskApi): void {
  app.get('/api/risk', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Limits with their current values, and how positions are protected',
      tags: ['risk'],
      querystring: z.strictObject({}),
      response: { 200: riskSchema },
    },
    handler: () => api.risk(),
  });

  app.get('/metrics', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Numbers in the text format of Prometheus',
      tags: ['status'],
      querystring: z.strictObject({}),
      response: { 200: z.string() },
    },
    handler: async (_request, reply) => reply.type(METRICS_TYPE).send(await api.metrics()),
  });
}
