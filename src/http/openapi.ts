import swagger, {
  type FastifyDynamicSwaggerOptions,
  type SwaggerTransform,
  type SwaggerTransformObject,
} from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ApiServer } from './server.ts';

const PROBLEM_ANSWER = {
  description: 'Refused: a problem with a stable code.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/**
 * Builds OpenAPI 3.1 from the routes' schemas. Both transforms are needed: with one alone, schemas that carry
 * an id become references to nothing. Call before the routes; `app.swagger()` gives the document.
 */
export function addOpenApi(app: ApiServer, version: string): void {
  const options: FastifyDynamicSwaggerOptions = {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'InfoBot bots service',
        version,
        description:
          'Times are integer milliseconds UTC, money and quantities exact decimal text. Unknown fields are ' +
          'refused. POST takes an Idempotency-Key. Errors are problems (RFC 9457) with a stable code.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: describeRoute,
    transformObject: namedSchemas,
  };
  app.register(swagger, options);
}

/** Adds what every route has: the role it needs, and a problem as the answer to everything refused. */
const describeRoute: SwaggerTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const role = document.route.config?.role;
  const security = role === 'public' ? [] : [{ bearer: [] }];
  const answers = typeof schema?.response === 'object' ? schema.response : {};
  const response = { ...answers, default: PROBLEM_ANSWER };
  return { url, schema: { ...schema, security, 'x-infobot-role': role, response } };
};

/** The provider names every schema of the process, as input and as output; the description keeps what it uses. */
const namedSchemas: SwaggerTransformObject = (document) => {
  const described = jsonSchemaTransformObject(document);
  if (!('components' in described)) return described;
  const schemas = described.components?.schemas ?? {};
  const used = new Set<string>();
  const pending = referencesIn(described.paths);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    pending.push(...referencesIn(schemas[name]));
  }
  for (const name of Object.keys(schemas)) if (!used.has(name)) Reflect.deleteProperty(schemas, name);
  return described;
};

function referencesIn(part: unknown): string[] {
  const text = JSON.stringify(part ?? null);
  return [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((found) => found[1] ?? '');
}
