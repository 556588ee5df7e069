import cookie from '@fastify/cookie';
import type { Time } from '../platform/time.ts';
import type { AccessApi } from './access-api.ts';
import type { HttpLog } from './answer-error.ts';
import { addBotsProxy } from './bots-proxy.ts';
import { ClaimThrottle } from './claim-throttle.ts';
import { addPage } from './page.ts';
import { healthRoute } from './routes/health.ts';
import { sessionRoutes } from './routes/session.ts';
import { type ApiServer, createHttpServer, type HttpServer, type HttpServerOptions } from './server.ts';
import { authenticateWeb } from './session-auth.ts';
import { SessionStreams } from './session-streams.ts';

export interface WebServerOptions {
  readonly access: AccessApi;
  /** Base address of the bots service, e.g. `http://127.0.0.1:5001`. */
  readonly botsUrl: string;
  /** The web service's own token (scope `web`), by which it speaks for signed-in people. */
  readonly serviceToken: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Unguessable text of at least 128 bits, letters and digits, fresh on every call. */
  readonly randomText: () => string;
  readonly time: Time;
  readonly log: HttpLog;
  readonly host: HttpServerOptions['host'];
  readonly port: number;
}

/** The page, sign-in and sign-out, and the one origin through which the browser reaches the services. */
export function createWebServer(options: WebServerOptions): HttpServer {
  const { access, time, log, host, port } = options;
  const server = createHttpServer({
    host,
    port,
    time,
    log,
    authenticate: (request) => authenticateWeb(access, request),
  });
  const streams = new SessionStreams({ access, time, log });
  const throttle = new ClaimThrottle(time);
  // Read by hand where a session is wanted: the plugin's hook would run after authentication.
  server.app.register(cookie, { hook: false });
  server.app.decorateRequest('session', null);
  server.app.register(async (app: ApiServer) => {
    healthRoute(app);
    sessionRoutes(app, { access, throttle, streams });
    addPage(app, { folder: options.pageFolder, nonce: options.randomText });
    addBotsProxy(app, { botsUrl: options.botsUrl, serviceToken: options.serviceToken, streams });
  });
  server.app.addHook('preClose', async () => streams.close());
  return server;
}
