import type { Time } from '../platform/time.ts';
import type { CallerVerifier } from './access-api.ts';
import type { HttpLog } from './answer-error.ts';
import { CallerAuthentication } from './auth.ts';
import type { BotsApi } from './bots-api.ts';
import { CoinListBody } from './coin-list-body.ts';
import { addIdempotency } from './idempotency.ts';
import { addOpenApi } from './openapi.ts';
import { autoBotRoutes } from './routes/auto-bot.ts';
import { botRoutes } from './routes/bots.ts';
import { coinSettingsRoutes } from './routes/coin-settings.ts';
import { coinRoutes } from './routes/coins.ts';
import { decisionLogRoutes } from './routes/decision-log.ts';
import { filterWorthRoutes } from './routes/filter-worth.ts';
import { haltRoutes } from './routes/halt.ts';
import { healthRoute, readinessRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { intentRoutes } from './routes/intents.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { openApiRoute } from './routes/openapi.ts';
import { optimalEmaRoutes } from './routes/optimal-ema.ts';
import { positionRoutes } from './routes/positions.ts';
import { reconciliationRoutes } from './routes/reconciliation.ts';
import { riskRoutes } from './routes/risk.ts';
import { settingsRoutes } from './routes/settings.ts';
import { settingsHistoryRoutes } from './routes/settings-history.ts';
import { statusRoutes } from './routes/status.ts';
import { streamRoute } from './routes/stream.ts';
import { type ApiServer, createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts';
import { StreamHub } from './stream-hub.ts';

export interface BotsServerOptions {
  readonly api: BotsApi;
  readonly auth: CallerVerifier;
  readonly time: Time;
  readonly log: HttpLog;
  readonly host: HttpServerOptions['host'];
  readonly port: number;
  /** The product's version, for `/api/version` and the API's own description. */
  readonly version: string;
}

/** The REST API and live stream of the bots service. It knows no service code: everything comes in `api`. */
export function createBotsServer(options: BotsServerOptions): HttpServer {
  const { api, time, log, host, port, version } = options;
  const caller = new CallerAuthentication(options.auth, time);
  const server = createHttpServer({
    host,
    port,
    time,
    log,
    authenticate: (request) => caller.authenticate(request.headers),
  });
  const run = time.nowMs().toString(36);
  const hub = new StreamHub({ api, time, run });
  const list = new CoinListBody(api, run);
  addOpenApi(server.app, version);
  addIdempotency(server.app);
  server.app.register(async (app: ApiServer) => addRoutes(app, { api, hub, list, version }));
  server.app.addHook('onReady', async () => hub.open());
  server.app.addHook('preClose', async () => hub.close());
  return server;
}

interface RouteParts {
  readonly api: BotsApi;
  readonly hub: StreamHub;
  readonly list: CoinListBody;
  readonly version: string;
}

function addRoutes(app: ApiServer, { api, hub, list, version }: RouteParts): void {
  healthRoute(app);
  readinessRoutes(app, api, version);
  statusRoutes(app, api);
  coinRoutes(app, api, list);
  botRoutes(app, api);
  positionRoutes(app, api);
  reconciliationRoutes(app, api.reconciliation);
  riskRoutes(app, api.risk);
  haltRoutes(app, api.halt);
  historyRoutes(app, api);
  intentRoutes(app, api.intents);
  ledgerRoutes(app, api.ledger);
  decisionLogRoutes(app, api);
  autoBotRoutes(app, api);
  settingsRoutes(app, api);
  settingsHistoryRoutes(app, api);
  coinSettingsRoutes(app, api);
  filterWorthRoutes(app, api.filterWorth);
  optimalEmaRoutes(app, api.optimalEma);
  streamRoute(app, hub);
  openApiRoute(app);
}
