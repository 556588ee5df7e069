import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { AccessApi, SessionView } from '../../src/http/access-api.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { createWebServer, type WebServerOptions } from '../../src/http/web-server.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { SERVICE_TOKEN } from './bots-fixture.ts';
import { START_MS } from './fake-bots-api.ts';

export const WEB_HOST = '127.0.0.1:5000';
export const GOOD_CODE = 'good-code-0123456789';
export const MARIA: SessionView = { name: 'Мария', role: 'trader', csrfToken: 'csrf-of-maria' };

/** People and sessions of plain values: one code, claimable once; secrets count up. */
class FakeAccess implements AccessApi {
  readonly sessions = new Map<string, SessionView>();
  readonly claims: string[] = [];
  private code: string | null = GOOD_CODE;

  async claimCode(code: string): ReturnType<AccessApi['claimCode']> {
    this.claims.push(code);
    if (code !== this.code) return null;
    this.code = null;
    const secret = `secret-${this.claims.length}`;
    this.sessions.set(secret, MARIA);
    return { secret, session: MARIA };
  }

  async touchSession(secret: string): Promise<SessionView | null> {
    return this.sessions.get(secret) ?? null;
  }

  async sessionLives(secret: string): Promise<boolean> {
    return this.sessions.has(secret);
  }

  async endSession(secret: string): Promise<void> {
    this.sessions.delete(secret);
  }

  async verifyToken(token: string): ReturnType<AccessApi['verifyToken']> {
    return token === 'script' ? { name: 'script', role: 'viewer' } : null;
  }
}

export interface WebFixture {
  readonly server: HttpServer;
  readonly access: FakeAccess;
  readonly time: VirtualTime;
  /** A request from a script on this machine, without credentials. */
  ask(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** The headers of Maria's browser, signed in, on our page. */
  readonly maria: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A web server over fake people and a small built page; the bots service is wherever `botsUrl` says. */
export function webFixture(options: Partial<WebServerOptions> = {}): WebFixture {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>',
  );
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'start()');
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, '.env'), 'SECRET=1');
  const access = new FakeAccess();
  access.sessions.set('secret-of-maria', MARIA);
  const time = new VirtualTime(START_MS);
  let nonces = 0;
  const server = createWebServer({
    access,
    botsUrl: 'http://127.0.0.1:9',
    serviceToken: SERVICE_TOKEN,
    pageFolder: folder,
    randomText: () => {
      nonces += 1;
      return `nonce${nonces}`;
    },
    time,
    log: { warn: () => undefined, error: () => undefined },
    host: '127.0.0.1',
    port: 5000,
    ...options,
  });
  return {
    server,
    access,
    time,
    ask: (request) => server.app.inject({ ...request, headers: { host: WEB_HOST, ...request.headers } }),
    maria: {
      cookie: 'infobot_session=secret-of-maria',
      origin: `http://${WEB_HOST}`,
      'x-infobot-csrf': MARIA.csrfToken,
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
