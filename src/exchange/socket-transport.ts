import { assert } from '../core/base/assert.ts';
import type { Time } from '../platform/time.ts';
import { openSocketChannel } from './socket-channel.ts';
import type { HttpOutcome, HttpRequest, Transport } from './transport.ts';

export interface SocketTransportOptions {
  /** Scheme and host, e.g. `https://api.bybit.com`; no path. */
  readonly httpBase: string;
  /** Scheme and host of the streams, e.g. `wss://stream.bybit.com`. */
  readonly wsBase: string;
  /** Hosts (`api.bybit.com` or `127.0.0.1:5003`) that may be spoken to: a signed write goes nowhere else. */
  readonly allowedHosts: readonly string[];
  readonly time: Time;
}

/** Larger than any answer we ask for; a larger one is an attack or a fault. */
const RESPONSE_BYTES_MAX = 32 * 1024 * 1024;
/** Failures of name lookup and connecting, before which no byte of a request can have left. */
const NOT_SENT_CODES: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']);
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Sockets to one exchange: HTTP with kept-alive connections, WebSocket streams. Redirects are not followed.
 * Plain text is spoken to this machine only. Stops when a base is not on the list of hosts.
 */
export function createSocketTransport({
  httpBase,
  wsBase,
  allowedHosts,
  time,
}: SocketTransportOptions): Transport {
  const http = checkedBase(httpBase, { plain: 'http:', secure: 'https:' }, allowedHosts);
  const ws = checkedBase(wsBase, { plain: 'ws:', secure: 'wss:' }, allowedHosts);
  return {
    request: (request) => requestOver(http, request, time),
    openChannel: (path, handlers) => openSocketChannel(urlOf(ws, path), handlers, time),
  };
}

function checkedBase(
  text: string,
  schemes: { readonly plain: string; readonly secure: string },
  allowedHosts: readonly string[],
): URL {
  const url = new URL(text);
  assert(
    url.pathname === '/' && url.search === '' && url.username === '',
    `The base ${text} is scheme and host only.`,
  );
  assert(
    allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname),
    `The host ${url.host} is not one this process may speak to.`,
  );
  assert(
    url.protocol === schemes.secure || (url.protocol === schemes.plain && LOOPBACK.has(url.hostname)),
    `The base ${text} is not ${schemes.secure}, and only this machine is spoken to in plain text.`,
  );
  return url;
}

function urlOf(base: URL, path: string): URL {
  const url = new URL(`${base.protocol}//${base.host}${path}`);
  assert(path.startsWith('/') && url.host === base.host, `The path ${path} leads to another host.`);
  return url;
}

async function requestOver(base: URL, request: HttpRequest, time: Time): Promise<HttpOutcome> {
  const url = urlOf(base, request.path);
  url.search = request.query;
  if (url.search.slice(1) !== request.query) {
    return { kind: 'not-sent', detail: 'the query would not be sent as it was signed' };
  }
  const abort = new AbortController();
  const cancelTimeout = time.after(request.timeoutMs, () => abort.abort());
  try {
    return await exchanged(url, request, abort.signal);
  } catch (error) {
    if (abort.signal.aborted) return { kind: 'no-answer', detail: `nothing within ${request.timeoutMs} ms` };
    return failureFrom(error);
  } finally {
    cancelTimeout();
  }
}

async function exchanged(url: URL, request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  const response = await fetch(url, {
    method: request.method,
    headers: { ...request.headers },
    redirect: 'manual',
    signal,
    ...(request.body === '' ? {} : { body: request.body }),
  });
  const body = await boundedText(response);
  if (body === null)
    return { kind: 'no-answer', detail: `an answer of more than ${RESPONSE_BYTES_MAX} bytes` };
  return { kind: 'answered', status: response.status, headers: Object.fromEntries(response.headers), body };
}

/** The body as text; null when it is too long, of which no more is read. */
async function boundedText(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > RESPONSE_BYTES_MAX) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `not-sent` only when every attempt to connect failed in a way that excludes sending. */
function failureFrom(error: unknown): HttpOutcome {
  const codes = codesOf(error);
  const detail = codes.length === 0 ? 'the connection failed' : codes.join(', ');
  const certain = codes.length > 0 && codes.every((code) => NOT_SENT_CODES.has(code));
  return { kind: certain ? 'not-sent' : 'no-answer', detail };
}

/** Codes of the causes of a failed fetch: one, or one for each address that was tried. */
function codesOf(error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const causes = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.map((one: unknown) => {
    const code = one instanceof Error && 'code' in one ? one.code : undefined;
    return typeof code === 'string' ? code : 'unknown failure';
  });
}
