import { assert } from '../core/base/assert.ts';
import type { Time } from '../platform/time.ts';
import { openSocketChannel } from './socket-channel.ts';
import { type SocketRequest, socketRequests } from './socket-request.ts';
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
  const send = socketRequests(http.protocol, time);
  return {
    request: (request) => requestOver(http, send, request),
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

/** What was signed is what is sent: a query that would be written otherwise in a URL is not sent at all. */
async function requestOver(base: URL, send: SocketRequest, request: HttpRequest): Promise<HttpOutcome> {
  const url = urlOf(base, request.path);
  url.search = request.query;
  if (url.search.slice(1) !== request.query) {
    return { kind: 'not-sent', detail: 'the query would not be sent as it was signed' };
  }
  return send(url, request);
}
