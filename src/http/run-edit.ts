import type { FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { settingsDoneSchema } from '../api/settings.ts';
import { assert } from '../core/base/assert.ts';
import { commandRefusal, refusal } from './problem.ts';
import { actorOf } from './server.ts';
import type { ApiSettingsEdit, SettingsApi } from './settings-api.ts';
import { invalid } from './translate-error.ts';

/** Carries out a change of settings for the caller; `If-Match` binds it to the version the caller saw. */
export async function runEdit(
  api: SettingsApi,
  request: FastifyRequest,
  edit: ApiSettingsEdit,
  { reason, dryRun = false }: { readonly reason: string; readonly dryRun?: boolean },
): Promise<z.infer<typeof settingsDoneSchema>> {
  const expectedVersion = expectedVersionOf(request);
  const result = await api.edit(edit, { actor: actorOf(request), reason, expectedVersion, dryRun });
  if (result.ok) {
    const { message, version, changes, warnings } = result;
    return { done: true, message, version, changes: [...changes], warnings: [...warnings] };
  }
  if (result.kind === 'invalid') throw invalid(result.faults);
  if (result.kind !== 'version-changed') throw commandRefusal(result);
  throw refusal(
    'settings.version-changed',
    `Version ${result.version} is in force, another than the one this change was made for; look at it and send the change again.`,
    { headers: { etag: etagOf(result.version) } },
  );
}

/** Names the version in force, for the next `If-Match`. */
export function sayVersion(api: SettingsApi, reply: FastifyReply): void {
  reply.header('etag', etagOf(api.version()));
}

/**
 * For bodies that the service judges: it knows the nearest name of an unknown key and what the layers make of
 * one another. The schema of the route describes them and does not check them.
 */
export const bodyJudgedByService: FastifySchemaCompiler<unknown> = (route) => {
  const { schema } = route;
  assert(schema instanceof z.ZodType, 'A route describes its parts by schemas.');
  return route.httpPart === 'body'
    ? (body: unknown) => ({ value: body })
    : validatorCompiler({ ...route, schema });
};

/** Null when the caller takes whatever version is in force. */
function expectedVersionOf(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return null;
  const version = /^"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw invalid([{ path: 'If-Match', message: 'Expected the number of a version, as the ETag gave it' }]);
}

function etagOf(version: number): string {
  return `"${version}"`;
}
