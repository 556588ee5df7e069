import type { z } from 'zod';
import { type Session, sessionSchema } from '../../src/api/auth.ts';
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
import { pageOf, problemSchema } from '../../src/api/wire-values.ts';
import { commandKey, later } from './browser.ts';

/** A read that takes longer counts as failed; the page then says so instead of waiting. */
const READ_TIMEOUT_MS = 15_000;
/** Orders can take a while on a slow exchange; the answer matters more than the wait. */
const COMMAND_TIMEOUT_MS = 30_000;

/** What the server, or the way to it, answered instead of what was asked for. `status` 0: no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  /** Stable code of the server, or `page.no-answer` / `page.bad-answer`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** Every call the page makes. All throw `ApiError`; a 401 also calls `onSignedOut`. */
export class Client {
  readonly #onSignedOut: () => void;
  #csrfToken = '';

  constructor(onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
  }

  /** Exchanges the one-time code of a sign-in link for a session cookie. */
  async claim(code: string): Promise<void> {
    await this.#change('/api/auth/claim', { code });
  }

  async session(): Promise<Session> {
    const session = await this.#read('/api/auth/session', sessionSchema);
    this.#csrfToken = session.csrfToken;
    return session;
  }

  async logout(): Promise<void> {
    await this.#change('/api/auth/logout', {});
  }

  readonly status = () => this.#read('/api/status', statusSchema);
  readonly coins = () => this.#read('/api/coins', coinListSchema);
  readonly positions = () => this.#read('/api/positions', positionListSchema);
  readonly reconciliation = () => this.#read('/api/reconciliation?limit=1', reconciliationSchema);
  readonly autoBot = () => this.#read('/api/auto-bot', autoBotStateSchema);
  readonly config = () => this.#read('/api/auto-bot/config', autoBotConfigViewSchema);
  readonly decisions = (cursor?: string) =>
    this.#read(pageOfList('decisions', cursor), pageOf(decisionSchema));
  readonly trades = (cursor?: string) => this.#read(pageOfList('trades', cursor), pageOf(tradeSchema));
  readonly events = (cursor?: string) => this.#read(pageOfList('events', cursor), pageOf(eventSchema));

  decision(symbol: string) {
    return this.#read(`/api/coins/${encodeURIComponent(symbol)}/decision`, coinDecisionSchema);
  }

  candles(symbol: string, limit: number) {
    return this.#read(`/api/coins/${encodeURIComponent(symbol)}/candles?limit=${limit}`, coinCandlesSchema);
  }

  rsi(symbol: string, limit: number) {
    return this.#read(`/api/coins/${encodeURIComponent(symbol)}/rsi?limit=${limit}`, coinRsiSchema);
  }

  async switchAutoBot(enable: boolean, reason: string): Promise<void> {
    await this.#change(`/api/auto-bot/${enable ? 'enable' : 'disable'}`, { reason });
  }

  async halt(reason: string): Promise<void> {
    await this.#change('/api/halt', { reason });
  }

  async closePosition(id: string, reason: string): Promise<void> {
    await this.#change(`/api/positions/${encodeURIComponent(id)}/close`, { reason });
  }

  async changePosition(id: string, action: 'adopt' | 'ignore' | 'disown', reason: string): Promise<void> {
    await this.#change(`/api/positions/${encodeURIComponent(id)}/${action}`, { reason });
  }

  async #read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    const answer = await this.#send(path, { method: 'GET' }, READ_TIMEOUT_MS);
    const parsed = schema.safeParse(await bodyOf(answer));
    if (!parsed.success) throw badAnswer(answer.status, path, parsed.error.issues[0]);
    return parsed.data;
  }

  async #change(path: string, body: unknown): Promise<void> {
    const headers = {
      'content-type': 'application/json',
      'x-infobot-csrf': this.#csrfToken,
      'idempotency-key': commandKey(),
    };
    await this.#send(path, { method: 'POST', headers, body: JSON.stringify(body) }, COMMAND_TIMEOUT_MS);
  }

  async #send(path: string, request: RequestInit, timeoutMs: number): Promise<Response> {
    const abort = new AbortController();
    const cancel = later(timeoutMs, () => abort.abort());
    try {
      const answer = await fetch(path, { ...request, signal: abort.signal, credentials: 'same-origin' });
      if (answer.ok) return answer;
      throw await problemOf(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw noAnswer(request.method ?? 'GET');
      if (error.status === 401) this.#onSignedOut();
      throw error;
    } finally {
      cancel();
    }
  }
}

/** The page that begins at `cursor`; the newest without one. */
function pageOfList(list: 'decisions' | 'trades' | 'events', cursor: string | undefined): string {
  const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return `/api/${list}?limit=100${from}`;
}

async function bodyOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    throw new ApiError(answer.status, 'page.bad-answer', 'The server answered something that is not JSON.');
  }
}

async function problemOf(answer: Response): Promise<ApiError> {
  const parsed = problemSchema.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) {
    return new ApiError(
      answer.status,
      'page.bad-answer',
      `The server answered with status ${answer.status}.`,
    );
  }
  const faults = (parsed.data.errors ?? []).map((fault) => ` ${fault.path}: ${fault.message}`).join(';');
  return new ApiError(answer.status, parsed.data.code, `${parsed.data.detail}${faults}`);
}

/** A command without an answer may have been carried out: the text must never claim that it was not. */
function noAnswer(method: string): ApiError {
  const text =
    method === 'GET'
      ? 'The server did not answer.'
      : 'The server did not answer. The command may or may not have been carried out: look before you repeat it.';
  return new ApiError(0, 'page.no-answer', text);
}

function badAnswer(status: number, path: string, issue: z.core.$ZodIssue | undefined): ApiError {
  const place = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  return new ApiError(
    status,
    'page.bad-answer',
    `${path} answered in a shape this page does not know${place}.`,
  );
}
