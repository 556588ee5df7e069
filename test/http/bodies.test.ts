import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import { type BotsFixture, botsFixture } from './bots-fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('bodies and queries', () => {
  let fixture: BotsFixture;
  beforeAll(() => {
    fixture = botsFixture();
  });
  afterAll(() => fixture.server.close());

  it.each([
    ['an unknown field of a command', 'POST /api/auto-bot/enable', { reason: 'x', force: true }, 'force'],
    ['a reason that is no text', 'POST /api/auto-bot/enable', { reason: 5 }, 'reason'],
    ['an endless reason', 'POST /api/auto-bot/enable', { reason: 'a'.repeat(501) }, 'reason'],
    [
      'a forced entry without a reason',
      'POST /api/bots/BTC/enter',
      { direction: 'long', force: true },
      'reason',
    ],
    ['an entry without a direction', 'POST /api/bots/BTC/enter', { reason: 'x' }, 'direction'],
    ['a missing coin', 'POST /api/bots/create', {}, 'symbol'],
    ['a coin that is no name', 'POST /api/bots/create', { symbol: '../etc' }, 'symbol'],
    ['a direction nobody knows', 'POST /api/bots/create', { symbol: 'BTC', direction: 'up' }, 'direction'],
    [
      'a negative size',
      'PATCH /api/auto-bot/config',
      { risk: { positionNotionalUsdt: -10 } },
      'risk.positionNotionalUsdt',
    ],
    [
      'a size as text',
      'PATCH /api/auto-bot/config',
      { risk: { positionNotionalUsdt: '10' } },
      'risk.positionNotionalUsdt',
    ],
    [
      'a leverage above the ceiling',
      'PATCH /api/auto-bot/config',
      { risk: { leverage: 26 } },
      'risk.leverage',
    ],
    [
      'a threshold out of range',
      'PATCH /api/auto-bot/config',
      { signal: { rsiLongMax: 51 } },
      'signal.rsiLongMax',
    ],
    ['an unknown setting', 'PATCH /api/auto-bot/config', { exit: { stopLoss: 5 } }, 'exit.stopLoss'],
    ['an unknown group', 'PATCH /api/auto-bot/config', { riskk: {} }, 'riskk'],
    ['a group that is no object', 'PATCH /api/auto-bot/config', { risk: 5 }, 'risk'],
    [
      'a list entry that is no coin',
      'PATCH /api/auto-bot/config',
      { filter: { blacklist: ['BTCUSDT', '<b>'] } },
      'filter.blacklist.1',
    ],
    ['null for a number', 'PUT /api/auto-bot/config', { exit: { stopLossPct: null } }, 'exit.stopLossPct'],
    ['an unknown timeframe', 'PUT /api/auto-bot/config', { timeframe: '7h' }, 'timeframe'],
    [
      'an unknown field on top',
      'PUT /api/auto-bot/config',
      { ...DEFAULT_TRADING_SETTINGS, live: true },
      'live',
    ],
  ] as const)('refuses %s and names it', async (_name, target, payload, path) => {
    const [method, url] = target.split(' ') as ['POST', string];
    const answer = await fixture.ask('admin', { method, url, payload });
    expect(answer.statusCode).toBe(400);
    const problem = answer.json();
    expect(problem.code).toBe('request.invalid');
    expect(problem.errors.map((fault: { path: string }) => fault.path)).toEqual([path]);
    expect(fixture.api.settings.edits).toEqual([]);
    expect(fixture.api.sent).toEqual([]);
  });

  it.each([
    ['/api/coins/BTC/candles?limit=0', 'limit'],
    ['/api/coins/BTC/candles?limit=1001', 'limit'],
    ['/api/coins/BTC/candles?limit=ten', 'limit'],
    ['/api/coins/BTC/rsi?size=5', 'size'],
    ['/api/coins/BTC/decision?history=-1', 'history'],
    ['/api/trades?limit=501', 'limit'],
    ['/api/trades?limit=1&limit=2', 'limit'],
    ['/api/stream?topics=coins,everything', 'topics.1'],
    ['/api/coins/B%20C', 'symbol'],
    ['/api/coins/%3Cscript%3E', 'symbol'],
  ])('refuses %s and names %s', async (url, path) => {
    const answer = await fixture.ask('admin', { url });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].path).toBe(path);
  });

  it.each([
    ['a cut body', '{"reason":', 'request.malformed-json'],
    ['no JSON', 'reason=x', 'request.malformed-json'],
    ['a number too far', '{"reason":1e}', 'request.malformed-json'],
    ['NaN', '{"reason":NaN}', 'request.malformed-json'],
    ['a list', '[]', 'request.invalid'],
    ['a text', '"x"', 'request.invalid'],
    ['null', 'null', 'request.invalid'],
    ['depth', `${'['.repeat(17)}${']'.repeat(17)}`, 'request.too-deep'],
    ['endless depth', '['.repeat(30_000) + ']'.repeat(30_000), 'request.too-deep'],
    ['a prototype key', '{"__proto__":{"reason":"x"}}', 'request.invalid'],
    ['a constructor key', '{"constructor":{"prototype":{"reason":"x"}}}', 'request.invalid'],
  ])('refuses %s', async (_name, payload, code) => {
    const answer = await fixture.ask('admin', {
      method: 'POST',
      url: '/api/auto-bot/enable',
      headers: JSON_TYPE,
      payload,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe(code);
    expect(fixture.api.sent).toEqual([]);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'application/jsonp',
    'application/xml',
    'application/vnd.api+json',
    '',
  ])('takes no body of type %j', async (type) => {
    const answer = await fixture.ask('admin', {
      method: 'POST',
      url: '/api/auto-bot/enable',
      headers: { 'content-type': type },
      payload: '{"reason":"x"}',
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().code).toBe('request.not-json');
  });

  it('takes no compressed body', async () => {
    const answer = await fixture.ask('admin', {
      method: 'POST',
      url: '/api/auto-bot/enable',
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      payload: '{}',
    });
    expect(answer.statusCode).toBe(415);
  });

  it('takes 64 KiB and not a byte more', async () => {
    const body = (size: number): string => `{"reason":"${'a'.repeat(size - 13)}"}`;
    const post = (payload: string) =>
      fixture.ask('admin', { method: 'POST', url: '/api/auto-bot/enable', headers: JSON_TYPE, payload });
    const largest = await post(body(64 * 1024));
    expect(largest.json().errors[0].path, 'read, and then too long a reason').toBe('reason');
    const tooLarge = await post(body(64 * 1024 + 1));
    expect([tooLarge.statusCode, tooLarge.json().code]).toEqual([413, 'request.too-large']);
    expect(tooLarge.json().detail).toContain('everything else 64 KiB');
  });

  it('takes a settings document of 1 MiB where one is imported, and nowhere else', async () => {
    const post = (url: string, size: number) => {
      const payload = `{"global":{},"x":"${'a'.repeat(size - 20)}"}`;
      return fixture.ask('admin', { method: 'POST', url, headers: JSON_TYPE, payload });
    };
    const importUrl = '/api/auto-bot/config/import?dryRun=true';
    const [largest, tooLarge, elsewhere] = await Promise.all([
      post(importUrl, 1024 * 1024),
      post(importUrl, 1024 * 1024 + 1),
      post('/api/auto-bot/config/rollback', 64 * 1024 + 1),
    ]);
    expect([largest.statusCode, largest.json().errors[0].path], 'read, and then refused').toEqual([400, 'x']);
    expect([tooLarge.statusCode, elsewhere.statusCode]).toEqual([413, 413]);
  });

  it('never breaks, whatever JSON is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (payload) => {
        const request = {
          method: 'PATCH',
          url: '/api/auto-bot/config',
          headers: JSON_TYPE,
          payload,
        } as const;
        const answer = await fixture.ask('admin', request);
        expect([200, 400]).toContain(answer.statusCode);
      }),
      { numRuns: 200 },
    );
    fixture.api.settings.edits.length = 0;
  });
});
