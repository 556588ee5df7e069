import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import type { RouteRole } from '../../src/http/route-table.ts';

export interface RouteCase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A concrete address; `pattern` is the one in the API's description. */
  readonly url: string;
  readonly pattern: string;
  readonly role: RouteRole;
  readonly body?: object;
  /** What an allowed caller gets. */
  readonly status: number;
}

/** Every route of the bots server but the stream, whose answer does not end. */
export const ROUTES: readonly RouteCase[] = [
  read('/healthz', { role: 'public' }),
  read('/readyz'),
  read('/api/version'),
  read('/api/status'),
  read('/api/workers'),
  change('POST', '/api/workers/prune/run', { pattern: '/api/workers/{name}/run', body: { reason: 'now' } }),
  read('/api/openapi.json'),
  read('/api/docs'),
  read('/api/coins'),
  read('/api/coins/btc', { pattern: '/api/coins/{symbol}' }),
  read('/api/coins/BTC/candles?limit=3', { pattern: '/api/coins/{symbol}/candles' }),
  read('/api/coins/BTCUSDT/rsi', { pattern: '/api/coins/{symbol}/rsi' }),
  read('/api/coins/BTC/decision?history=2', { pattern: '/api/coins/{symbol}/decision' }),
  read('/api/bots'),
  read('/api/bots/btc', { pattern: '/api/bots/{id}' }),
  change('POST', '/api/bots/create', { body: { symbol: 'BTC' }, status: 201 }),
  change('POST', '/api/bots/BTC/start', { pattern: '/api/bots/{id}/start' }),
  change('POST', '/api/bots/BTC/stop', { pattern: '/api/bots/{id}/stop', body: { reason: 'enough' } }),
  change('DELETE', '/api/bots/BTC', { pattern: '/api/bots/{id}' }),
  read('/api/positions'),
  read('/api/risk'),
  read('/metrics'),
  change('POST', '/api/halt', { body: { reason: 'enough' } }),
  change('POST', '/api/resume', { role: 'admin', status: 403 }),
  change('POST', '/api/positions/BTC/close', { pattern: '/api/positions/{id}/close' }),
  change('POST', '/api/positions/BTC/adopt', { pattern: '/api/positions/{id}/adopt' }),
  change('POST', '/api/positions/BTC/ignore', { pattern: '/api/positions/{id}/ignore' }),
  change('POST', '/api/positions/BTC/unfreeze', {
    pattern: '/api/positions/{id}/unfreeze',
    body: { reason: 'looked' },
  }),
  change('POST', '/api/positions/BTC/disown', {
    pattern: '/api/positions/{id}/disown',
    body: { reason: 'mine' },
  }),
  change('POST', '/api/bots/BTC/enter', { pattern: '/api/bots/{id}/enter', body: { direction: 'long' } }),
  read('/api/trades?limit=5'),
  read('/api/events?cursor=abc'),
  read('/api/intents?state=unknown&symbol=btc'),
  read('/api/intents/ib1', { pattern: '/api/intents/{id}' }),
  read('/api/reconciliation?kind=position-foreign&symbol=btc'),
  read('/api/orders?ours=false'),
  read('/api/fills?symbol=btc'),
  read('/api/ledger?symbol=btc'),
  read('/api/ledger/export'),
  read('/api/decisions?symbol=btc&outcome=ordered'),
  read('/api/coins/btc/decisions?limit=3&verdicts=true', { pattern: '/api/coins/{symbol}/decisions' }),
  read('/api/decisions/blockers?symbol=btc&days=7'),
  read('/api/decisions/changes'),
  read('/api/decisions/funnel'),
  read('/api/auto-bot/candidates?limit=5'),
  read('/api/auto-bot'),
  change('POST', '/api/auto-bot/enable', { body: { reason: 'go' } }),
  change('POST', '/api/auto-bot/disable'),
  read('/api/auto-bot/config'),
  change('PUT', '/api/auto-bot/config', { role: 'admin', body: DEFAULT_TRADING_SETTINGS }),
  change('PATCH', '/api/auto-bot/config', { role: 'admin', body: { risk: { leverage: 2 } } }),
  read('/api/auto-bot/defaults'),
  read('/api/auto-bot/presets'),
  change('POST', '/api/auto-bot/presets/balanced/apply', {
    role: 'admin',
    pattern: '/api/auto-bot/presets/{name}/apply',
  }),
  read('/api/auto-bot/config/versions?limit=2'),
  read('/api/auto-bot/config/versions/2', { pattern: '/api/auto-bot/config/versions/{version}' }),
  read('/api/auto-bot/config/diff?from=1&to=3'),
  read('/api/auto-bot/config/export'),
  change('POST', '/api/auto-bot/config/import', { role: 'admin', body: { global: {} } }),
  change('POST', '/api/auto-bot/config/rollback', { role: 'admin', body: { version: 2 } }),
  read('/api/coins/BTC/settings', { pattern: '/api/coins/{symbol}/settings' }),
  change('PUT', '/api/coins/BTC/settings', {
    role: 'admin',
    pattern: '/api/coins/{symbol}/settings',
    body: { risk: { leverage: 2 } },
  }),
  change('DELETE', '/api/coins/BTC/settings', { role: 'admin', pattern: '/api/coins/{symbol}/settings' }),
  change('POST', '/api/coins/BTC/settings/copy', {
    role: 'admin',
    pattern: '/api/coins/{symbol}/settings/copy',
    body: { to: ['ETH'] },
  }),
  change('PATCH', '/api/bots/BTC', {
    role: 'admin',
    pattern: '/api/bots/{id}',
    body: { settings: { risk: { leverage: 2 } } },
  }),
  read('/api/analytics/filter-worth'),
  read('/api/optimal-ema'),
  read('/api/optimal-ema/btc', { pattern: '/api/optimal-ema/{symbol}' }),
  change('POST', '/api/optimal-ema/BTC/search', {
    pattern: '/api/optimal-ema/{symbol}/search',
    body: { force: true },
  }),
  read('/api/lists/whitelist', { pattern: '/api/lists/{list}' }),
  change('PUT', '/api/lists/blacklist', {
    role: 'admin',
    pattern: '/api/lists/{list}',
    body: { symbols: ['btc'] },
  }),
  change('POST', '/api/lists/blacklist', {
    role: 'admin',
    pattern: '/api/lists/{list}',
    body: { symbol: 'btc' },
  }),
  change('DELETE', '/api/lists/blacklist/btc', { role: 'admin', pattern: '/api/lists/{list}/{symbol}' }),
];

function read(url: string, more: Partial<RouteCase> = {}): RouteCase {
  return { method: 'GET', url, pattern: url.split('?', 1)[0] ?? url, role: 'viewer', status: 200, ...more };
}

function change(method: RouteCase['method'], url: string, more: Partial<RouteCase> = {}): RouteCase {
  return { method, url, pattern: url, role: 'trader', status: 200, ...more };
}
