import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { CallerVerifier } from '../../src/http/access-api.ts';
import { type BotsServerOptions, createBotsServer } from '../../src/http/bots-server.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { FakeBotsApi, START_MS } from './fake-bots-api.ts';

export const PORT = 5001;
export const HOST = `127.0.0.1:${PORT}`;
export const SERVICE_TOKEN = 'service-token-of-web';
export const CALLERS = ['none', 'viewer', 'trader', 'admin'] as const;
export type Caller = (typeof CALLERS)[number];

interface LoggedLine {
  readonly message: string;
  readonly fields: object;
}

export interface BotsFixture {
  readonly server: HttpServer;
  readonly api: FakeBotsApi;
  readonly time: VirtualTime;
  readonly logged: LoggedLine[];
  /** A request by `caller` from a script on this machine. */
  ask(caller: Caller, request: InjectOptions): Promise<LightMyRequestResponse>;
}

/** A bots server over a fake service, asked in process. The tokens are `viewer`, `trader` and `admin`. */
export function botsFixture(options: Partial<BotsServerOptions> = {}): BotsFixture {
  const api = new FakeBotsApi();
  const time = new VirtualTime(START_MS);
  const logged: LoggedLine[] = [];
  const write = (message: string, fields: object = {}): void => {
    logged.push({ message, fields });
  };
  const server = createBotsServer({
    api,
    auth: tokenVerifier(),
    time,
    log: { warn: write, error: write },
    host: '127.0.0.1',
    port: PORT,
    version: '0.1.0',
    ...options,
  });
  const ask = (caller: Caller, request: InjectOptions): Promise<LightMyRequestResponse> => {
    const credentials = caller === 'none' ? {} : { authorization: `Bearer ${caller}` };
    return server.app.inject({ ...request, headers: { host: HOST, ...credentials, ...request.headers } });
  };
  return { server, api, time, logged, ask };
}

/** Knows one token for each role, and the service tokens of web and protector. */
export function tokenVerifier(): CallerVerifier {
  return {
    verifyToken: async (token) => {
      const role = (['viewer', 'trader', 'admin'] as const).find((known) => known === token);
      return role === undefined ? null : { name: `the ${role}`, role };
    },
    verifyServiceToken: async (token) => {
      if (token === SERVICE_TOKEN) return { scope: 'web', name: 'web', role: 'viewer' };
      return token === 'service-token-of-protector'
        ? { scope: 'protector', name: 'protector', role: 'trader' }
        : null;
    },
  };
}
