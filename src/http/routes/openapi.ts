import type { ApiServer } from '../server.ts';

/** The API's description, generated from the schemas the routes validate with; serialised once. */
export function openApiRoute(app: ApiServer): void {
  let text: string | null = null;
  app.get('/api/openapi.json', {
    config: { role: 'viewer' },
    schema: { hide: true },
    handler: async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return reply.type('application/json; charset=utf-8').send(text);
    },
  });
}
