import {
  botListSchema,
  botSchema,
  changeBotSchema,
  createBotSchema,
  enterSchema,
} from '../../api/auto-bot.ts';
import { settingsDoneSchema } from '../../api/settings.ts';
import { doneSchema, idParametersSchema, reasonBodySchema } from '../../api/wire-values.ts';
import type { ApiCommand, BotsApi } from '../bots-api.ts';
import { refusal } from '../problem.ts';
import { runCommand } from '../run-command.ts';
import { runEdit } from '../run-edit.ts';
import { type ApiServer, actorOf } from '../server.ts';

/** Bots: one for each coin a person or Auto Bot chose to trade. */
export function botRoutes(app: ApiServer, api: BotsApi): void {
  app.get('/api/bots', {
    config: { role: 'viewer' },
    schema: { summary: 'All bots', tags: ['bots'], response: { 200: botListSchema } },
    handler: async () => ({ rows: [...api.bots()] }),
  });

  app.get('/api/bots/:id', {
    config: { role: 'viewer' },
    schema: { summary: 'One bot', tags: ['bots'], params: idParametersSchema, response: { 200: botSchema } },
    handler: async ({ params }) => {
      const symbol = api.coin(params.id)?.symbol ?? params.id;
      const bot = api.bots().find((candidate) => candidate.id === symbol);
      if (bot === undefined) throw refusal('bot.unknown', `There is no bot named ${params.id}.`);
      return bot;
    },
  });

  changeRoutes(app, api);
  enterRoute(app, api);
  settingsRoute(app, api);
}

function enterRoute(app: ApiServer, api: BotsApi): void {
  app.post('/api/bots/:id/enter', {
    config: { role: 'trader' },
    schema: {
      summary: 'Enter a coin by hand; forced, also against the filters',
      tags: ['bots'],
      params: idParametersSchema,
      body: enterSchema,
      response: { 200: doneSchema },
    },
    handler: async (request) => {
      const { direction, force, reason } = request.body;
      const command: ApiCommand = { kind: 'enter', symbol: request.params.id, direction, force };
      return runCommand(api, command, actorOf(request), reason);
    },
  });
}

function settingsRoute(app: ApiServer, { settings }: BotsApi): void {
  app.patch('/api/bots/:id', {
    config: { role: 'admin' },
    schema: {
      summary: 'Replace what a bot does otherwise than its coin; takes effect between two decisions',
      tags: ['bots'],
      params: idParametersSchema,
      body: changeBotSchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) => {
      const { settings: patch, reason } = request.body;
      return runEdit(
        settings,
        request,
        { kind: 'configure-bot', symbol: request.params.id, patch },
        { reason },
      );
    },
  });
}

function changeRoutes(app: ApiServer, api: BotsApi): void {
  app.post('/api/bots/create', {
    config: { role: 'trader' },
    schema: { summary: 'Create a bot', tags: ['bots'], body: createBotSchema, response: { 201: doneSchema } },
    handler: async (request, reply) => {
      const command: ApiCommand = { kind: 'create-bot', ...request.body };
      if (Object.keys(command.settings).length > 0 && actorOf(request).role !== 'admin') {
        throw refusal('auth.forbidden', 'Settings of a bot take the role admin, as all settings do.');
      }
      return reply.code(201).send(await runCommand(api, command, actorOf(request), ''));
    },
  });

  for (const [action, kind] of [
    ['start', 'start-bot'],
    ['stop', 'stop-bot'],
  ] as const) {
    app.post(`/api/bots/:id/${action}`, {
      config: { role: 'trader' },
      schema: {
        summary:
          action === 'start' ? 'Let a bot trade' : 'Stop a bot from entering; its position stays guarded',
        tags: ['bots'],
        params: idParametersSchema,
        body: reasonBodySchema,
        response: { 200: doneSchema },
      },
      handler: async (request) =>
        runCommand(api, { kind, symbol: request.params.id }, actorOf(request), request.body.reason),
    });
  }

  app.delete('/api/bots/:id', {
    config: { role: 'trader' },
    schema: {
      summary: 'Delete a bot',
      tags: ['bots'],
      params: idParametersSchema,
      querystring: reasonBodySchema,
      response: { 200: doneSchema },
    },
    handler: async (request) =>
      runCommand(
        api,
        { kind: 'delete-bot', symbol: request.params.id },
        actorOf(request),
        request.query.reason,
      ),
  });
}
