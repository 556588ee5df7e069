import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onSendHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Actor } from './caller.ts';
import { refusal } from './problem.ts';
import type { ApiServer } from './server.ts';
import { invalid } from './translate-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the first request with an idempotency key: its answer is kept here. Null on all others. */
    idempotency: Entry | null;
  }
}

interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** One key in use: its answer, or those who wait for it. */
interface Entry {
  readonly fingerprint: string;
  readonly waiting: ((answer: KeptAnswer) => void)[];
  answer: KeptAnswer | null;
}

/** Answers kept; the oldest goes first. At one command a second it is a quarter of an hour. */
const ANSWERS_MAX = 1000;
const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/;

/**
 * `Idempotency-Key` on POST: the same caller, address and key gives the first answer again without running the
 * command again, also while the first still runs and also when it failed; another body is a 409.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function addIdempotency(app: ApiServer): void {
  const entries = new Map<string, Entry>();
  app.decorateRequest('idempotency', null);
  app.addHook('onRoute', (route) => {
    if (route.method !== 'POST') return;
    route.preHandler = [claimKey(entries), ...[route.preHandler ?? []].flat()];
    route.onSend = [keepAnswer, ...[route.onSend ?? []].flat()];
  });
}

function claimKey(entries: Map<string, Entry>): preHandlerAsyncHookHandler {
  return async (request, reply) => {
    const key = idempotencyKey(request);
    if (key === null || request.actor === null) return;
    const slot = slotOf(request, request.actor, key);
    const fingerprint = fingerprintOf(request.body);
    const entry = entries.get(slot);
    if (entry === undefined) {
      request.idempotency = openEntry(entries, slot, fingerprint);
      return;
    }
    if (entry.fingerprint !== fingerprint) {
      throw refusal('idempotency.key-reused', 'Use a fresh key for a different request.');
    }
    const { status, type, body } = await answerOf(entry);
    await reply.code(status).type(type).header('idempotency-replayed', 'true').send(body);
  };
}

const keepAnswer: onSendHookHandler = (request, reply, payload, done) => {
  if (request.idempotency !== null) settle(request.idempotency, keptAnswer(reply, payload));
  done(null, payload);
};

function idempotencyKey(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY_PATTERN.test(header)) return header;
  throw invalid([{ path: 'Idempotency-Key', message: 'Expected 1 to 200 visible ASCII characters' }]);
}

function openEntry(entries: Map<string, Entry>, slot: string, fingerprint: string): Entry {
  const oldest = entries.keys().next();
  if (entries.size >= ANSWERS_MAX && oldest.done !== true) entries.delete(oldest.value);
  const entry: Entry = { fingerprint, waiting: [], answer: null };
  entries.set(slot, entry);
  return entry;
}

function keptAnswer(reply: FastifyReply, payload: unknown): KeptAnswer {
  const type = String(reply.getHeader('content-type') ?? 'application/json; charset=utf-8');
  return { status: reply.statusCode, type, body: typeof payload === 'string' ? payload : '' };
}

function settle(entry: Entry, answer: KeptAnswer): void {
  entry.answer = answer;
  for (const resolve of entry.waiting.splice(0)) resolve(answer);
}

function answerOf(entry: Entry): KeptAnswer | Promise<KeptAnswer> {
  return entry.answer ?? new Promise((resolve) => entry.waiting.push(resolve));
}

function slotOf(request: FastifyRequest, actor: Actor, key: string): string {
  return JSON.stringify([actor.name, request.url, key]);
}

function fingerprintOf(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('base64');
}
