import { type ApiPage, apiPage } from '../api-page.ts';
import type { ApiServer } from '../server.ts';

/** The API's description, generated from the schemas the routes validate with: for programs, and for people. */
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

  let page: ApiPage | null = null;
  app.get('/api/docs', {
    config: { role: 'viewer' },
    schema: { hide: true },
    handler: async (_request, reply) => {
      page ??= apiPage(app.swagger());
      reply.header('content-security-policy', page.policy);
      return reply.type('text/html; charset=utf-8').send(page.html);
    },
  });
}
