import {
  diffQuerySchema,
  editQuerySchema,
  rollbackBodySchema,
  settingsDiffSchema,
  settingsDoneSchema,
  settingsFileSchema,
  settingsVersionDetailSchema,
  settingsVersionSchema,
  versionParametersSchema,
} from '../../api/settings.ts';
import { pageOf, pageQuerySchema } from '../../api/wire-values.ts';
import { diffDocuments } from '../../core/engine/settings-document.ts';
import type { BotsApi } from '../bots-api.ts';
import { refusal } from '../problem.ts';
import { DOCUMENT_BYTES_MAX, IMPORT_PATH } from '../request-guard.ts';
import { bodyJudgedByService, runEdit, sayVersion } from '../run-edit.ts';
import type { ApiServer } from '../server.ts';
import type { SettingsApi } from '../settings-api.ts';
import { invalid } from '../translate-error.ts';

const TAGS = ['settings'];

/** Versions of the settings: immutable, compared, brought back, carried elsewhere. */
export function settingsHistoryRoutes(app: ApiServer, { settings }: BotsApi): void {
  app.get('/api/auto-bot/config/versions', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Who changed the settings, when and why, newest first',
      tags: TAGS,
      querystring: pageQuerySchema,
      response: { 200: pageOf(settingsVersionSchema) },
    },
    handler: async ({ query }) => {
      const found = await settings.versions({ limit: query.limit, cursor: query.cursor ?? null });
      if (found === null) throw invalid([{ path: 'cursor', message: 'Not a cursor that this list gave' }]);
      return { rows: [...found.rows], nextCursor: found.nextCursor };
    },
  });

  app.get('/api/auto-bot/config/versions/:version', {
    config: { role: 'viewer' },
    schema: {
      summary: 'One version with its content',
      tags: TAGS,
      params: versionParametersSchema,
      response: { 200: settingsVersionDetailSchema },
    },
    handler: ({ params }) => versionOf(settings, params.version),
  });

  app.get('/api/auto-bot/config/diff', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What differs between two versions, key by key',
      tags: TAGS,
      querystring: diffQuerySchema,
      response: { 200: settingsDiffSchema },
    },
    handler: async ({ query: { from, to } }) => {
      const before = await versionOf(settings, from);
      const after = await versionOf(settings, to);
      return { from, to, changes: [...diffDocuments(before.document, after.document)] };
    },
  });

  changeRoutes(app, settings);
}

function changeRoutes(app: ApiServer, settings: SettingsApi): void {
  app.post('/api/auto-bot/config/rollback', {
    config: { role: 'admin' },
    schema: {
      summary: 'Bring back the content of an earlier version, as a further one',
      tags: TAGS,
      body: rollbackBodySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(settings, request, { kind: 'rollback', version: request.body.version }, request.body),
  });

  app.get('/api/auto-bot/config/export', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What people set, as a file that can be imported; the version is the ETag',
      tags: TAGS,
      response: { 200: settingsFileSchema },
    },
    handler: async (_request, reply) => {
      sayVersion(settings, reply);
      const { global, instruments } = settings.document();
      return { format: 'infobot-settings' as const, formatVersion: 1 as const, global, instruments };
    },
  });

  app.post(IMPORT_PATH, {
    config: { role: 'admin' },
    bodyLimit: DOCUMENT_BYTES_MAX,
    validatorCompiler: bodyJudgedByService,
    schema: {
      summary: 'Replace everything people set by a file, all of it or nothing',
      tags: TAGS,
      querystring: editQuerySchema,
      body: settingsFileSchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(settings, request, { kind: 'import', document: request.body }, request.query),
  });
}

async function versionOf(settings: SettingsApi, version: number) {
  const found = await settings.versionOf(version);
  if (found === null) throw refusal('settings.version-unknown', `There is no version ${version}.`);
  return found;
}
