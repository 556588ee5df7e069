import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admit, RouteTable } from '../../src/http/route-table.ts';
import { type BotsFixture, botsFixture, CALLERS, type Caller, SERVICE_TOKEN } from './bots-fixture.ts';
import { ROUTES, type RouteCase } from './bots-routes.ts';

const RANK: Record<Caller, number> = { none: 0, viewer: 1, trader: 2, admin: 3 };
const NEEDED = { public: 0, viewer: 1, trader: 2, admin: 3 };

function expectedStatus(route: RouteCase, caller: Caller): number {
  if (RANK[caller] >= NEEDED[route.role]) return route.status;
  return caller === 'none' ? 401 : 403;
}

describe('roles of the bots server', () => {
  let fixture: BotsFixture;
  beforeAll(async () => {
    fixture = botsFixture();
    await fixture.server.app.ready();
  });
  afterAll(() => fixture.server.close());

  const cases = ROUTES.flatMap((route) =>
    CALLERS.map((caller) => ({ route, caller, name: `${caller} ${route.method} ${route.url}` })),
  );
  it.each(cases)('$name', async ({ route, caller }) => {
    const { sent, settings, optimalEma, workerRuns, halts } = fixture.api;
    const changes = () =>
      sent.length + settings.edits.length + optimalEma.forced.length + workerRuns.length + halts.length;
    const before = changes();
    const answer = await fixture.ask(caller, {
      method: route.method,
      url: route.url,
      ...(route.body === undefined ? {} : { payload: route.body }),
    });
    const status = expectedStatus(route, caller);
    expect(answer.statusCode).toBe(status);
    const changed = changes() - before;
    const mayChange = status < 400 && !['GET', 'HEAD'].includes(route.method);
    expect(changed, 'only an allowed change reaches the service').toBe(mayChange ? 1 : 0);
  });

  it('refuses a wrong token as it refuses none', async () => {
    const headers = { authorization: 'Bearer nobody-knows-this' };
    const answer = await fixture.ask('none', { url: '/api/status', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ code: 'auth.required' });
  });

  it.each(['admin', 'Basic admin', 'Bearer', 'Bearer ', 'Bearer admin admin', `Bearer ${'a'.repeat(501)}`])(
    'takes %j for no token',
    async (authorization) => {
      const answer = await fixture.ask('none', { url: '/api/status', headers: { authorization } });
      expect(answer.statusCode).toBe(401);
    },
  );
});

describe('a service that speaks for a person', () => {
  async function actorSeen(headers: Record<string, string>): Promise<unknown> {
    const fixture = botsFixture();
    const answer = await fixture.ask('none', { method: 'POST', url: '/api/auto-bot/enable', headers });
    await fixture.server.close();
    return fixture.api.sent[0]?.actor ?? answer.statusCode;
  }
  const web = { authorization: `Bearer ${SERVICE_TOKEN}` };

  it('acts as the person it names', async () => {
    const named = { 'x-infobot-actor': encodeURIComponent('Мария'), 'x-infobot-role': 'trader' };
    expect(await actorSeen({ ...web, ...named })).toEqual({ name: 'Мария', role: 'trader' });
  });

  it.each([
    ['no name', { 'x-infobot-role': 'admin' }],
    ['no role', { 'x-infobot-actor': 'maria' }],
    ['a made-up role', { 'x-infobot-actor': 'maria', 'x-infobot-role': 'root' }],
    ['a broken name', { 'x-infobot-actor': '%E0%A4%A', 'x-infobot-role': 'admin' }],
    ['an endless name', { 'x-infobot-actor': 'a'.repeat(301), 'x-infobot-role': 'admin' }],
  ])('is nobody with %s', async (_name, headers) => {
    expect(await actorSeen({ ...web, ...headers })).toBe(401);
  });

  it('has no weight in the headers of a person', async () => {
    const spoofed = { 'x-infobot-actor': 'boss', 'x-infobot-role': 'admin' };
    expect(await actorSeen({ authorization: 'Bearer viewer', ...spoofed })).toBe(403);
    expect(await actorSeen(spoofed)).toBe(401);
  });

  it('has no weight in the headers of another service', async () => {
    const headers = { authorization: 'Bearer service-token-of-protector', 'x-infobot-role': 'admin' };
    expect(await actorSeen({ ...headers, 'x-infobot-actor': 'boss' })).toMatchObject({
      name: 'protector',
      role: 'trader',
    });
  });
});

describe('belief in a token', () => {
  it('asks once a second at most, and no longer than that', async () => {
    const asked: string[] = [];
    const fixture = botsFixture({
      auth: {
        verifyServiceToken: async () => null,
        verifyToken: async (token) => {
          asked.push(token);
          return asked.length === 1 ? { name: 'maria', role: 'viewer' } : null;
        },
      },
    });
    const status = async (): Promise<number> =>
      (await fixture.ask('viewer', { url: '/api/status' })).statusCode;
    expect([await status(), await status()]).toEqual([200, 200]);
    expect(asked).toEqual(['viewer']);
    await fixture.time.advance(1000);
    expect(await status(), 'a revoked token ends within a second').toBe(401);
    expect(await status(), 'a bad token is asked for every time').toBe(401);
    expect(asked).toHaveLength(3);
    await fixture.server.close();
  });
});

describe('deny by default', () => {
  it('stops the start on a route without a role', () => {
    const { app } = botsFixture().server;
    expect(() => app.get('/api/forgotten', () => 'open')).toThrow(/declares no role/);
  });

  it('admits exactly the roles at or above the one a route needs', () => {
    const roles = fc.constantFrom('viewer', 'trader', 'admin');
    fc.assert(
      fc.property(roles, roles, (own, needed) => {
        expect(admit({ name: 'x', role: own }, needed) === null).toBe(RANK[own] >= RANK[needed]);
      }),
    );
  });

  it('knows the methods of a concrete address', () => {
    const table = new RouteTable();
    table.add({ method: 'GET', url: '/api/bots/:id', config: { role: 'viewer' }, handler: () => null });
    table.add({ method: ['DELETE'], url: '/api/bots/:id', config: { role: 'trader' }, handler: () => null });
    expect(table.methodsOf('/api/bots/BTC?x=1')).toEqual(['DELETE', 'GET']);
    expect(table.methodsOf('/api/bots/BTC/start')).toEqual([]);
    expect(table.methodsOf('/api/bots/')).toEqual([]);
  });
});
