import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as requestPlain,
} from 'node:http';
import { request as requestSecure, Agent as SecureAgent } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Time } from '../platform/time.ts';
import type { HttpOutcome, HttpRequest } from './transport.ts';

/** Sends one request to an address of the scheme. Rejects when the request itself cannot be written down. */
export type SocketRequest = (url: URL, request: HttpRequest) => Promise<HttpOutcome>;

type Failure = Exclude<HttpOutcome, { kind: 'answered' }>;

interface Received {
  readonly kind: 'received';
  readonly response: IncomingMessage;
  readonly bytes: Buffer;
}

/** Larger than any answer we ask for, packed or unpacked; a larger one is an attack or a fault. */
const RESPONSE_BYTES_MAX = 32 * 1024 * 1024;
/** Failures of name lookup and connecting, before which no byte of a request can have left. */
const NOT_SENT_CODES: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']);
/** A connection that stood can end with the same codes, after bytes have left. */
const NOT_SENT_CALLS: ReadonlySet<string> = new Set(['connect', 'getaddrinfo']);
/** Unused connections are closed early: a request on one the other side is just closing has no answer. */
const IDLE_MS = 4_000;
/** Candles are a third as long packed: from afar that is worth more than the unpacking costs. */
const ENCODING = 'gzip';

const unpack = promisify(gunzip);

/**
 * Kept-alive connections of one scheme, as many as there are requests at a time: a protective one never waits for
 * a connection. Certificates are verified whatever the environment says, its proxies are not used, redirects are
 * answers like any other, and nothing is sent twice.
 */
export function socketRequests(protocol: string, time: Time): SocketRequest {
  const options = { keepAlive: true, timeout: IDLE_MS };
  const secure = protocol === 'https:';
  const agent = secure ? new SecureAgent({ ...options, rejectUnauthorized: true }) : new PlainAgent(options);
  const open = secure ? requestSecure : requestPlain;
  return async (url, request) => {
    const { method, query } = request;
    const path = query === '' ? url.pathname : `${url.pathname}?${query}`;
    const headers = { ...request.headers, 'Accept-Encoding': ENCODING };
    const sent = open({ agent, host: addressOf(url), port: url.port, method, path, headers });
    const received = await receivedFrom(sent, request, time);
    return received.kind === 'received' ? answeredFrom(received) : received;
  };
}

/** An IPv6 address stands in brackets in a URL only. */
function addressOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The first thing that ends the exchange is what became of it; the time limit covers headers and body. */
function receivedFrom(sent: ClientRequest, request: HttpRequest, time: Time): Promise<Received | Failure> {
  return new Promise((resolve) => {
    const settle = (received: Received | Failure): void => {
      cancelTimeout();
      resolve(received);
    };
    const giveUp = (detail: string): void => {
      settle({ kind: 'no-answer', detail });
      sent.destroy();
    };
    const cancelTimeout = time.after(request.timeoutMs, () =>
      giveUp(`nothing within ${request.timeoutMs} ms`),
    );
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > RESPONSE_BYTES_MAX) giveUp(`an answer of more than ${RESPONSE_BYTES_MAX} bytes`);
        else chunks.push(chunk);
      });
      response.on('end', () => settle({ kind: 'received', response, bytes: joined(chunks) }));
      response.on('error', (error) => settle(failureFrom(error)));
    });
    sent.on('error', (error) => settle(failureFrom(error)));
    sent.on('close', () => settle({ kind: 'no-answer', detail: 'the connection ended' }));
    sent.end(request.body);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

async function answeredFrom({ response, bytes }: Received): Promise<HttpOutcome> {
  const body = await textOf(bytes, response.headers['content-encoding'] ?? '');
  if (body === null) return { kind: 'no-answer', detail: 'an answer that cannot be unpacked' };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { kind: 'answered', status: response.statusCode ?? 0, headers, body };
}

/** Null when it is packed in a way that was not asked for, damaged, or too long unpacked. */
async function textOf(bytes: Buffer, encoding: string): Promise<string | null> {
  if (encoding === '' || encoding === 'identity' || bytes.length === 0) return bytes.toString();
  if (encoding !== ENCODING) return null;
  try {
    return (await unpack(bytes, { maxOutputLength: RESPONSE_BYTES_MAX })).toString();
  } catch {
    return null;
  }
}

/** `not-sent` only when every attempt to connect failed in a way that excludes sending. */
function failureFrom(error: unknown): Failure {
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const certain = causes.length > 0 && causes.every(excludesSending);
  const detail = causes.map(codeOf).join(', ');
  return {
    kind: certain ? 'not-sent' : 'no-answer',
    detail: detail === '' ? 'the connection failed' : detail,
  };
}

function excludesSending(cause: unknown): boolean {
  const call = cause instanceof Error && 'syscall' in cause ? cause.syscall : undefined;
  return typeof call === 'string' && NOT_SENT_CALLS.has(call) && NOT_SENT_CODES.has(codeOf(cause));
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown failure';
}
