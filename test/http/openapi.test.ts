import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { botsFixture } from './bots-fixture.ts';
import { ROUTES } from './bots-routes.ts';

const operationSchema = z.object({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.unknown() })).optional(),
  requestBody: z
    .object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })
    .optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: z.unknown().optional() })),
  security: z.array(z.unknown()),
  'x-infobot-role': z.enum(['public', 'viewer', 'trader', 'admin']),
});
const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
type Document = z.infer<typeof documentSchema>;

describe('the description of the API', () => {
  let text: string;
  let document: Document;
  beforeAll(async () => {
    const fixture = botsFixture();
    const answer = await fixture.ask('viewer', { url: '/api/openapi.json' });
    text = answer.body;
    document = documentSchema.parse(answer.json());
    await fixture.server.close();
  });

  it('lists every route with the role it needs, and no other', () => {
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => method !== 'head')
        .map(([method, operation]) => `${method} ${path} ${operation['x-infobot-role']}`),
    );
    const hidden = ['/api/openapi.json', '/api/docs'];
    const expected = ROUTES.filter((route) => !hidden.includes(route.pattern)).map(
      (route) => `${route.method.toLowerCase()} ${route.pattern} ${route.role}`,
    );
    expect(listed.sort()).toEqual([...expected, 'get /api/stream viewer'].sort());
  });

  it('points to nothing that is not there, and carries nothing unused', () => {
    const wanted = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map((found) => found[1] ?? ''));
    const present = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...wanted].sort()).toEqual(present.sort());
  });

  it('declares every parameter of every path', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      for (const { parameters } of Object.values(operations)) {
        const declared = (parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(declared.map((parameter) => parameter.name)).toEqual(wanted);
      }
    }
  });

  it('gives every operation its success and its problem', () => {
    for (const operations of Object.values(document.paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(Object.keys(responses).some((status) => /^20[01]$/.test(status))).toBe(true);
        expect(responses['default']).toMatchObject({
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        });
      }
    }
  });

  it('is a page for people too, with every route and every link leading somewhere, and no script', async () => {
    const fixture = botsFixture();
    const answer = await fixture.ask('viewer', { url: '/api/docs' });
    await fixture.server.close();
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations).filter((one) => one !== 'head')) {
        expect(answer.body).toContain(`id="${method.toUpperCase()} ${path}"`);
      }
    }
    const places = [...answer.body.matchAll(/href="#([^"]+)"/g)].map((found) => found[1]);
    expect(places.length).toBeGreaterThan(10);
    for (const place of places) expect(answer.body).toContain(`id="${place}"`);
    expect(answer.body).not.toContain('<script');
    const style = /<style>([\s\S]*)<\/style>/.exec(answer.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(answer.headers['content-security-policy']).not.toContain('unsafe');
  });

  it('describes settings with their bounds', () => {
    expect(document.paths['/api/auto-bot/config']?.['put']?.requestBody).toBeDefined();
    expect(text).toContain('"rsiLongMax":{"default":29,"type":"number","minimum":1,"maximum":50}');
  });
});
