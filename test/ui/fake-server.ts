import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { claimSchema, sessionSchema } from '../../src/api/auth.ts';
import { autoBotConfigViewSchema, autoBotStateSchema } from '../../src/api/auto-bot.ts';
import {
  coinCandlesSchema,
  coinDecisionSchema,
  coinListSchema,
  coinRsiSchema,
  decisionSchema,
} from '../../src/api/coin.ts';
import { eventSchema, positionListSchema, tradeSchema } from '../../src/api/position.ts';
import { reconciliationSchema } from '../../src/api/reconciliation.ts';
import { statusSchema } from '../../src/api/status.ts';
import { coinsMessageSchema } from '../../src/api/stream.ts';
import { doneSchema, pageOf, problemSchema, reasonBodySchema } from '../../src/api/wire-values.ts';
import { type CancelTimer, systemTime } from '../../src/platform/time.ts';
import { fakeReconciliation } from './fake-differences.ts';
import { FakeMarket } from './fake-market.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** Two messages a second: the most the real server sends. */
const STEP_MS = 500;
const DECISION_EVERY_STEPS = 4;

export interface SeenCommand {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly csrf: string | undefined;
}

export interface FakeServerOptions {
  /** Folder of the built page. */
  readonly folder: string;
  readonly code: string;
}

/** The page's server for tests: same policy headers and shapes as the real one, an invented market behind. */
export class FakeServer {
  readonly market = new FakeMarket(() => systemTime.nowMs());
  /** Requests that are not reads, in order. */
  readonly commands: SeenCommand[] = [];
  /** Paths that answer with a problem instead. */
  readonly broken = new Set<string>();
  role: 'viewer' | 'trader' | 'admin' = 'admin';
  /** The market stands still and nothing is streamed. */
  frozen = false;
  readonly #options: FakeServerOptions;
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #sessions = new Set<string>();
  #isCodeSpent = false;
  #steps = 0;
  #cancelStep: CancelTimer = () => undefined;

  constructor(options: FakeServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) problem(response, 500, 'fake.fault', String(error));
      });
    });
  }

  /** Listens on loopback; resolves with the origin. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#scheduleStep();
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#cancelStep();
    this.dropStreams();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  dropStreams(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  /** Sends one message to every open stream. */
  publish(topic: string, body: unknown): void {
    const message = `event: ${topic}\ndata: ${JSON.stringify(body)}\n\n`;
    for (const stream of this.#streams) stream.write(message);
  }

  #scheduleStep(): void {
    this.#cancelStep = systemTime.after(STEP_MS, () => {
      if (!this.frozen) this.#step();
      this.#scheduleStep();
    });
  }

  #step(): void {
    const { market } = this;
    market.step();
    this.#steps += 1;
    const progress = { ready: 600, failed: 0, total: 600 };
    const timeMs = systemTime.nowMs();
    const moved = { version: market.version, timeMs, progress, rows: market.rows };
    this.publish('coins', coinsMessageSchema.parse(moved));
    this.publish('positions', positionListSchema.parse(market.positions()));
    this.publish('status', statusSchema.parse(market.status()));
    if (this.#steps % DECISION_EVERY_STEPS !== 0) return;
    const signalled = market.rows.filter((row) => row.signal !== 'wait');
    const row = signalled[this.#steps % signalled.length];
    if (row !== undefined) this.publish('decisions', decisionSchema.parse(market.decision(row, timeMs)));
    this.publish('events', eventSchema.parse(market.event(60 + this.#steps, timeMs)));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://page');
    if (!path.startsWith('/api/')) return this.#file(path, response);
    if (this.broken.has(path)) {
      return problem(
        response,
        503,
        'service.down',
        'The bots service does not answer; it is being restarted.',
      );
    }
    if (request.method !== 'GET') return this.#command(path, request, response);
    if (!this.#hasSession(request)) return problem(response, 401, 'auth.no-session', 'No session.');
    if (path === '/api/stream') return this.#stream(response);
    const body = this.#list(path, searchParams) ?? this.#read(path);
    if (body === null) return problem(response, 404, 'route.unknown', `Nothing at ${path}.`);
    json(response, body);
  }

  #read(path: string): unknown {
    const { market } = this;
    const [, symbol, part] = /^\/api\/coins\/([A-Z0-9]+)\/(decision|candles|rsi)$/.exec(path) ?? [];
    if (symbol !== undefined) return this.#coin(symbol, part ?? '');
    switch (path) {
      case '/api/auth/session':
        return sessionSchema.parse({ name: 'owner', role: this.role, csrfToken: 'fake-csrf-token' });
      case '/api/status':
        return statusSchema.parse(market.status());
      case '/api/coins':
        return coinListSchema.parse({
          version: market.version,
          timeMs: systemTime.nowMs(),
          timeframe: '6h',
          progress: { ready: 600, failed: 0, total: 600 },
          rows: market.rows,
        });
      case '/api/positions':
        return positionListSchema.parse(market.positions());
      case '/api/reconciliation':
        return reconciliationSchema.parse(fakeReconciliation(systemTime.nowMs()));
      case '/api/auto-bot':
        return autoBotStateSchema.parse(market.autoBot());
      case '/api/auto-bot/config':
        return autoBotConfigViewSchema.parse({ version: 3, config: market.settings });
      default:
        return null;
    }
  }

  /** A page of what has happened; null when the address is not that of a list. */
  #list(path: string, query: URLSearchParams): unknown {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit') ?? 100);
    const page = <T>(all: readonly T[]) => ({
      rows: all.slice(from, to),
      nextCursor: to < all.length ? String(to) : null,
    });
    const { market } = this;
    if (path === '/api/trades') return pageOf(tradeSchema).parse(page(market.trades()));
    if (path === '/api/events') return pageOf(eventSchema).parse(page(market.events()));
    return path === '/api/decisions' ? pageOf(decisionSchema).parse(page(market.decisions())) : null;
  }

  #coin(symbol: string, part: string): unknown {
    const row = this.market.rows.find((one) => one.symbol === symbol);
    if (row === undefined) return null;
    if (part === 'candles') return coinCandlesSchema.parse(this.market.candles(row));
    if (part === 'rsi') return coinRsiSchema.parse(this.market.rsi(row));
    const nowMs = systemTime.nowMs();
    const history = [1, 2, 3].map((back) => this.market.decision(row, nowMs - back * 21_600_000));
    return coinDecisionSchema.parse({
      now: this.market.decision(row, nowMs),
      indicators: null,
      history,
      closes: [],
    });
  }

  async #command(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse((await bodyOf(request)) || 'null');
    const csrf = request.headers['x-infobot-csrf'] as string | undefined;
    this.commands.push({ method: request.method ?? '', path, body, csrf });
    if (path === '/api/auth/claim') return this.#claim(claimSchema.parse(body).code, response);
    if (csrf !== 'fake-csrf-token' || !this.#hasSession(request)) {
      return problem(response, 403, 'auth.csrf', 'The token of the session is missing.');
    }
    const { market } = this;
    if (path === '/api/auth/logout') {
      this.#sessions.clear();
    } else if (path === '/api/auto-bot/enable' || path === '/api/auto-bot/disable') {
      market.enabled = path.endsWith('enable');
      const { reason } = reasonBodySchema.parse(body);
      market.changed = { actor: 'owner', timeMs: systemTime.nowMs(), reason };
      this.publish('auto-bot', autoBotStateSchema.parse(market.autoBot()));
    } else if (path === '/api/halt') {
      const { reason } = reasonBodySchema.parse(body);
      market.halt = { sinceMs: systemTime.nowMs(), by: 'owner', reason, clearMs: null };
      this.publish('status', statusSchema.parse(market.status()));
    } else {
      reasonBodySchema.parse(body);
      if (path.endsWith('/close')) market.close(path.split('/')[3] ?? '');
    }
    json(response, doneSchema.parse({ done: true, message: 'Done.' }));
  }

  #claim(code: string, response: ServerResponse): void {
    if (code !== this.#options.code || this.#isCodeSpent) {
      problem(response, 401, 'auth.code', 'The sign-in code is wrong, used or expired.');
      return;
    }
    this.#isCodeSpent = true;
    const session = randomBytes(16).toString('hex');
    this.#sessions.add(session);
    response.setHeader('set-cookie', `infobot=${session}; HttpOnly; SameSite=Strict; Path=/`);
    json(response, doneSchema.parse({ done: true, message: 'Signed in.' }));
  }

  #hasSession(request: IncomingMessage): boolean {
    const session = /infobot=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1];
    return session !== undefined && this.#sessions.has(session);
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^\/+/, '');
    const nonce = randomBytes(16).toString('base64');
    let content: Buffer | string = await readFile(join(this.#options.folder, name));
    if (name === 'index.html') content = content.toString('utf8').replace('__CSP_NONCE__', nonce);
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(content);
  }
}

/** The real server's policy, and on top of it trusted types: no text may become markup. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  const body = problemSchema.parse({ type: 'about:blank', title: 'Problem', status, code, detail });
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
