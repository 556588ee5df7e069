import {
  coinListParametersSchema,
  coinPatchBody,
  coinSettingsSchema,
  copyBodySchema,
  editQuerySchema,
  listAddBodySchema,
  listMemberParametersSchema,
  listReplaceBodySchema,
  listSymbolsSchema,
  settingsDoneSchema,
} from '../../api/settings.ts';
import { coinParametersSchema } from '../../api/wire-values.ts';
import type { BotsApi } from '../bots-api.ts';
import { refusal } from '../problem.ts';
import { bodyJudgedByService, runEdit, sayVersion } from '../run-edit.ts';
import type { ApiServer } from '../server.ts';
import type { SettingsApi } from '../settings-api.ts';

/** What single coins do otherwise, and the lists that say who is traded. */
export function coinSettingsRoutes(app: ApiServer, { settings }: BotsApi): void {
  app.get('/api/coins/:symbol/settings', {
    config: { role: 'viewer' },
    schema: {
      summary: 'What holds for a coin, and which layer each value comes from',
      tags: ['coins'],
      params: coinParametersSchema,
      response: { 200: coinSettingsSchema },
    },
    handler: async ({ params }, reply) => {
      const found = settings.coin(params.symbol);
      if (found === null) throw refusal('coin.unknown', `There is no coin named ${params.symbol}.`);
      sayVersion(settings, reply);
      return found;
    },
  });

  app.put('/api/coins/:symbol/settings', {
    config: { role: 'admin' },
    validatorCompiler: bodyJudgedByService,
    schema: {
      summary: "Replace a coin's own settings; what is left out follows those of all coins",
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: editQuerySchema,
      body: coinPatchBody,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(
        settings,
        request,
        { kind: 'replace-coin', symbol: request.params.symbol, patch: request.body },
        request.query,
      ),
  });

  app.delete('/api/coins/:symbol/settings', {
    config: { role: 'admin' },
    schema: {
      summary: 'Let a coin follow the settings of all coins again',
      tags: ['coins'],
      params: coinParametersSchema,
      querystring: editQuerySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(settings, request, { kind: 'clear-coin', symbol: request.params.symbol }, request.query),
  });

  copyRoute(app, settings);
  listRoutes(app, settings);
}

function copyRoute(app: ApiServer, settings: SettingsApi): void {
  app.post('/api/coins/:symbol/settings/copy', {
    config: { role: 'admin' },
    schema: {
      summary: "Give a coin's own settings to other coins, in place of theirs",
      tags: ['coins'],
      params: coinParametersSchema,
      body: copyBodySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) =>
      runEdit(
        settings,
        request,
        { kind: 'copy-coin', symbol: request.params.symbol, to: request.body.to },
        request.body,
      ),
  });
}

function listRoutes(app: ApiServer, settings: SettingsApi): void {
  app.get('/api/lists/:list', {
    config: { role: 'viewer' },
    schema: {
      summary: 'The coins of a list; `filter.scope` says what the list does',
      tags: ['lists'],
      params: coinListParametersSchema,
      response: { 200: listSymbolsSchema },
    },
    handler: async ({ params: { list } }, reply) => {
      sayVersion(settings, reply);
      return { list, symbols: [...(settings.document().global.filter?.[list] ?? [])] };
    },
  });

  app.put('/api/lists/:list', {
    config: { role: 'admin' },
    schema: {
      summary: 'Replace a list',
      tags: ['lists'],
      params: coinListParametersSchema,
      querystring: editQuerySchema,
      body: listReplaceBodySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) => {
      const { list } = request.params;
      const edit = { kind: 'list', list, change: 'replace', symbols: request.body.symbols } as const;
      return runEdit(settings, request, edit, request.query);
    },
  });

  memberRoutes(app, settings);
}

function memberRoutes(app: ApiServer, settings: SettingsApi): void {
  app.post('/api/lists/:list', {
    config: { role: 'admin' },
    schema: {
      summary: 'Put a coin on a list',
      tags: ['lists'],
      params: coinListParametersSchema,
      body: listAddBodySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) => {
      const { list } = request.params;
      const edit = { kind: 'list', list, change: 'add', symbols: [request.body.symbol] } as const;
      return runEdit(settings, request, edit, request.body);
    },
  });

  app.delete('/api/lists/:list/:symbol', {
    config: { role: 'admin' },
    schema: {
      summary: 'Take a coin off a list',
      tags: ['lists'],
      params: listMemberParametersSchema,
      querystring: editQuerySchema,
      response: { 200: settingsDoneSchema },
    },
    handler: async (request) => {
      const { list, symbol } = request.params;
      return runEdit(
        settings,
        request,
        { kind: 'list', list, change: 'remove', symbols: [symbol] },
        request.query,
      );
    },
  });
}
