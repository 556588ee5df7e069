import type { z } from 'zod';
import {
  autoBotConfigPatchSchema,
  autoBotConfigSchema,
  autoBotConfigViewSchema,
  autoBotStateSchema,
} from '../../api/auto-bot.ts';
import { doneSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { TradingSettings } from '../../core/engine/settings.ts';
import type { BotsApi } from '../bots-api.ts';
import { doneOf, runCommand } from '../run-command.ts';
import { type ApiServer, actorOf } from '../server.ts';
import { invalid, zodFaults } from '../translate-error.ts';

/** Auto Bot: its switch and the settings every bot trades by. */
export function autoBotRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/auto-bot', {
    config: { role: 'viewer' },
    schema: {
      summary: 'Whether Auto Bot is on, and who set it so',
      tags: ['auto-bot'],
      response: { 200: autoBotStateSchema },
    },
    handler: async () => api.autoBot(),
  });

  for (const [action, kind] of [
    ['enable', 'enable-auto-bot'],
    ['disable', 'disable-auto-bot'],
  ] as const) {
    app.post(`/api/auto-bot/${action}`, {
      config: { role: 'trader' },
      schema: {
        summary:
          action === 'enable' ? 'Let Auto Bot enter' : 'Stop Auto Bot from entering; positions stay guarded',
        tags: ['auto-bot'],
        body: reasonBodySchema,
        response: { 200: doneSchema },
      },
      handler: async (request) => runCommand(api, { kind }, actorOf(request), request.body.reason),
    });
  }

  configRoutes(app, api);
}

function configRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/auto-bot/config', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The settings in force',
      tags: ['auto-bot'],
      response: { 200: autoBotConfigViewSchema },
    },
    handler: async () => api.config(),
  });

  app.put('/api/auto-bot/config', {
    config: { role: 'admin' },
    schema: {
      summary: 'Replace the settings; what is left out takes its default',
      tags: ['auto-bot'],
      querystring: reasonBodySchema,
      body: autoBotConfigSchema,
      response: { 200: doneSchema },
    },
    handler: async (request) =>
      doneOf(await api.replaceConfig(request.body, actorOf(request), request.query.reason)),
  });

  app.patch('/api/auto-bot/config', {
    config: { role: 'admin' },
    schema: {
      summary: 'Change some settings; what is left out stays, lists are replaced',
      tags: ['auto-bot'],
      querystring: reasonBodySchema,
      body: autoBotConfigPatchSchema,
      response: { 200: doneSchema },
    },
    handler: async (request) => {
      const merged = mergeSettings(api.config().config, request.body);
      return doneOf(await api.replaceConfig(merged, actorOf(request), request.query.reason));
    },
  });
}

/** Group by group, one level deep; the whole must then be valid, so that a change cannot hide behind a part. */
function mergeSettings(
  current: TradingSettings,
  patch: z.infer<typeof autoBotConfigPatchSchema>,
): TradingSettings {
  const merged = autoBotConfigSchema.safeParse({
    timeframe: patch.timeframe ?? current.timeframe,
    signal: { ...current.signal, ...patch.signal },
    filter: { ...current.filter, ...patch.filter },
    risk: { ...current.risk, ...patch.risk },
    exit: { ...current.exit, ...patch.exit },
  });
  if (!merged.success) throw invalid(zodFaults(merged.error));
  return merged.data;
}
