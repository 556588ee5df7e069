import { autoBotConfigSchema, autoBotConfigViewSchema } from '../../api/auto-bot.ts';
import {
  editQuerySchema,
  presetBodySchema,
  presetListSchema,
  presetParametersSchema,
  settingsDoneSchema,
  settingsPatchBody,
} from '../../api/settings.ts';
import { SETTINGS_PRESETS } from '../../core/engine/presets.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../core/engine/settings.ts';
import type { BotsApi } from '../bots-api.ts';
import { bodyJudgedByService, runEdit, sayVersion } from '../run-edit.ts';
import type { ApiServer } from '../server.ts';

const TAGS = ['settings'];

/** The settings of all coins: what holds, and changes of it. */
export function settingsRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/auto-bot/config', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The settings in force; their version is the ETag',
      tags: TAGS,
      response: { 200: autoBotConfigViewSchema },
    },
    handler: async (_request, reply) => {
      sayVersion(api.settings, reply);
      return api.config();
    },
  });

  app.put('/api/auto-bot/config', {
    config: { role: 'admin' },
    validatorCompiler: bodyJudgedByService,
    schema: {
      summary: 'Replace the settings of all coins; what is left out takes its default',
      tags: TAGS,
      querystring: editQuerySchema,
      body: autoBotConfigSchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(api.settings, request, { kind: 'replace-global', patch: request.body }, request.query),
  });

  app.patch('/api/auto-bot/config', {
    config: { role: 'admin' },
    validatorCompiler: bodyJudgedByService,
    schema: {
      summary: 'Change some settings of all coins; what is left out stays, lists are replaced',
      tags: TAGS,
      querystring: editQuerySchema,
      body: settingsPatchBody,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(api.settings, request, { kind: 'patch-global', patch: request.body }, request.query),
  });

  presetRoutes(app, api);
}

function presetRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/auto-bot/defaults', {
    config: { role: 'viewer' },
    schema: { summary: 'The shipped settings', tags: TAGS, response: { 200: autoBotConfigSchema } },
    handler: async () => DEFAULT_TRADING_SETTINGS,
  });

  app.get('/api/auto-bot/presets', {
    config: { role: 'viewer' },
    schema: { summary: 'Named choices of settings', tags: TAGS, response: { 200: presetListSchema } },
    handler: async () => ({ rows: [...SETTINGS_PRESETS] }),
  });

  app.post('/api/auto-bot/presets/:name/apply', {
    config: { role: 'admin' },
    schema: {
      summary: 'Put a preset over the settings; what it does not name stays',
      tags: TAGS,
      params: presetParametersSchema,
      body: presetBodySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(api.settings, request, { kind: 'preset', name: request.params.name }, request.body),
  });
}
