import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemTime, type Time } from '../platform/time.ts';
import { BODY_BYTES_MAX } from './dialect/bybit/rest.ts';
import type { VenueRequest, VenueResponse } from './request.ts';
import type { Venue } from './venue.ts';

export interface VenueServerOptions {
  readonly venue: Venue;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** True when the bearer token may read what the venue knows of everybody. */
  readonly verifyAdmin: (token: string) => boolean | Promise<boolean>;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** For the patience with clients at the end; the machine's clock when absent. */
  readonly time?: Time;
}

export interface VenueServer {
  readonly port: number;
  /** Stops listening, says goodbye to streams, waits for answers under way. */
  close(): Promise<void>;
}

const GOING_AWAY = 1001;
const WRONG_HOST = 421;
/** How long a stream's client may take to say goodbye. */
const GOODBYE_MS = 1000;
/** A client that never reads is cut before its backlog eats the memory. */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;
/** A frame is a subscription or a ping; the longest allowed list of topics is 21,000 letters. */
const FRAME_BYTES_MAX = 64 * 1024;

/** Puts the venue on a port: REST and streams of its dialects, and the reports for auditors. */
export async function startVenueServer(options: VenueServerOptions): Promise<VenueServer> {
  const http = createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      options.log('venue.request-failed', { path: request.url, error: String(error) });
      respond(response, { status: 500, headers: {}, body: '' });
    });
  });
  const streams = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
  });
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!namesThisMachine(request)) {
      socket.end(`HTTP/1.1 ${String(WRONG_HOST)} Misdirected Request\r\nConnection: close\r\n\r\n`);
      return;
    }
    streams.handleUpgrade(request, socket, head, (stream) => join(options, request, stream));
  });
  await listen(http, options);
  const { port } = http.address() as AddressInfo;
  options.log('venue.listening', { host: options.host, port });
  return { port, close: () => closeServer(http, streams, options.time ?? systemTime) };
}

async function serve(
  options: VenueServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!namesThisMachine(request)) {
    respond(response, { status: WRONG_HOST, headers: {}, body: '' });
    return;
  }
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  if (path.startsWith('/venue/')) {
    respond(response, await report(options, path, request.headers.authorization ?? ''));
    return;
  }
  const arrived: VenueRequest = {
    method: request.method ?? '',
    path,
    query,
    body,
    headers: flatHeaders(request),
    address: request.socket.remoteAddress ?? '',
  };
  respond(response, options.venue.answer(arrived));
}

/** A name of elsewhere that was pointed at this machine (DNS rebinding) would open the venue to any web page. */
function namesThisMachine(request: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '');
}

/** One byte more than allowed is kept, so that the venue sees that there was too much. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    if (length <= BODY_BYTES_MAX) chunks.push(bytes.subarray(0, BODY_BYTES_MAX + 1 - length));
    length += bytes.length;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function report(
  options: VenueServerOptions,
  path: string,
  authorization: string,
): Promise<VenueResponse> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
  if (token === '' || !(await options.verifyAdmin(token))) return { status: 401, headers, body: '{}' };
  if (path === '/venue/ledger') {
    return { status: 200, headers, body: JSON.stringify(options.venue.ledger()) };
  }
  if (path === '/venue/state') {
    return { status: 200, headers, body: JSON.stringify(options.venue.state()) };
  }
  return { status: 404, headers, body: '{}' };
}

function respond(response: ServerResponse, answer: VenueResponse): void {
  if (response.writableEnded || response.destroyed) return;
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  response.end(answer.body);
}

function join(options: VenueServerOptions, request: IncomingMessage, stream: WebSocket): void {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const session = options.venue.openChannel(path, {
    send: (text) => {
      if (stream.bufferedAmount > BACKLOG_BYTES_MAX) stream.terminate();
      else stream.send(text);
    },
    close: (detail) => stream.close(GOING_AWAY, detail),
  });
  if (session === null) {
    stream.close(GOING_AWAY, 'no such stream');
    return;
  }
  stream.on('message', (frame) => session.receive(String(frame)));
  stream.on('close', () => session.closed());
  stream.on('error', (error) => options.log('venue.stream-failed', { path, error: error.message }));
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function listen(http: Server, options: VenueServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, options.host, () => {
      http.removeListener('error', reject);
      resolve();
    });
  });
}

async function closeServer(http: Server, streams: WebSocketServer, time: Time): Promise<void> {
  for (const stream of streams.clients) stream.close(GOING_AWAY, 'the venue is stopping');
  const cancel = time.after(GOODBYE_MS, () => {
    for (const stream of streams.clients) stream.terminate();
    http.closeAllConnections();
  });
  await new Promise<void>((resolve, reject) => {
    http.close((error) => (error === undefined ? resolve() : reject(error)));
    http.closeIdleConnections();
  });
  cancel();
}
