import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SendSubject, WriteSubject } from '../kill/kill-points.ts';

/**
 * Loaded before the product (`node --import`): makes the process kill itself at one named point, the n-th time it
 * comes by, as PROVE_KILL_AT=`subject:moment#n` says: from the start, or, with PROVE_KILL_LATER set, from SIGUSR2 on.
 * The product's own code knows nothing of it.
 */
const [wanted = '', count = '1'] = (process.env['PROVE_KILL_AT'] ?? '').split('#');
let armed = process.env['PROVE_KILL_LATER'] === undefined;
let left = Number(count);
process.on('SIGUSR2', () => {
  armed = true;
});

function pass(point: string): void {
  if (!armed || point !== wanted) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

const INSERTS: Readonly<Record<string, WriteSubject>> = {
  accountEpoch: 'lease',
  settings: 'settings',
  tradingState: 'state',
  fill: 'fill',
  trade: 'trade',
  event: 'event',
  decision: 'decision',
};

/** Null for a statement that writes nothing we aim at. */
function writeSubject(sql: string, parameters: readonly unknown[]): WriteSubject | null {
  const inserted = /^insert into "(\w+)"/.exec(sql)?.[1];
  if (inserted === 'intent') return parameters.includes('entry') ? 'entry-intent' : 'exit-intent';
  if (inserted !== undefined) return INSERTS[inserted] ?? null;
  if (!sql.startsWith('update "intent"')) return null;
  if (parameters[0] === 'accepted') return 'intent-accepted';
  if (parameters[0] === 'filled') return 'intent-filled';
  return parameters[0] === 'cancelled' ? 'intent-cancelled' : null;
}

/** What the open transaction has written so far; null outside of one. There is one writing connection. */
let open: Set<WriteSubject> | null = null;

type Run = (this: StatementSync, ...parameters: unknown[]) => unknown;

function around(run: Run): Run {
  return function hooked(this: StatementSync, ...parameters: unknown[]): unknown {
    const sql = this.sourceSQL;
    if (sql === 'commit') return aroundCommit(() => run.apply(this, parameters));
    const subject = writeSubject(sql, parameters);
    if (subject !== null) pass(`${subject}:before`);
    const result = run.apply(this, parameters);
    if (sql.startsWith('begin')) open = new Set();
    if (sql === 'rollback') open = null;
    if (subject !== null && open === null) pass(`${subject}:committed`);
    if (subject !== null) open?.add(subject);
    return result;
  };
}

function aroundCommit(commit: () => unknown): unknown {
  const written = open ?? new Set<WriteSubject>();
  for (const subject of written) pass(`${subject}:uncommitted`);
  const result = commit();
  open = null;
  for (const subject of written) pass(`${subject}:committed`);
  return result;
}

for (const name of ['run', 'all', 'get'] as const) {
  Object.defineProperty(StatementSync.prototype, name, {
    value: around(StatementSync.prototype[name] as Run),
  });
}
const execute = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function hooked(this: DatabaseSync, sql: string): void {
  if (sql === 'commit') aroundCommit(() => execute.call(this, sql));
  else execute.call(this, sql);
  if (sql.startsWith('begin')) open = new Set();
};

const ORDERS: Readonly<Record<string, SendSubject>> = {
  '/v5/position/trading-stop': 'stop',
  '/v5/order/cancel': 'cancel',
  '/v5/position/set-leverage': 'leverage',
  '/v5/position/list': 'read-positions',
  '/v5/order/realtime': 'read-orders',
  '/v5/order/history': 'read-orders',
  '/v5/execution/list': 'read-fills',
  '/v5/account/wallet-balance': 'read-wallet',
};

function sendSubject(path: string, body: string): SendSubject | null {
  if (path !== '/v5/order/create') return ORDERS[path] ?? null;
  if (body.includes('"reduceOnly":true')) return 'exit';
  return body.includes('"orderType":"Limit"') ? 'rung' : 'entry';
}

const openRequest = http.request;
function hookedRequest(...parameters: Parameters<typeof openRequest>): http.ClientRequest {
  const request = openRequest(...parameters);
  const path = request.path.replace(/\?.*/, '');
  const end = request.end.bind(request);
  const hookedEnd = (body?: unknown): http.ClientRequest => {
    const subject = sendSubject(path, String(body ?? ''));
    if (subject === null) return end(body);
    pass(`${subject}:before`);
    request.once('finish', () => pass(`${subject}:sent`));
    request.prependOnceListener('response', () => pass(`${subject}:answered`));
    return end(body);
  };
  Object.defineProperty(request, 'end', { value: hookedEnd });
  return request;
}
Object.defineProperty(http, 'request', { value: hookedRequest });
syncBuiltinESMExports();
