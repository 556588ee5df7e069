import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemTime, type Time } from '../platform/time.ts';
import { answerControl, type ControlRight } from './control.ts';
import { BODY_BYTES_MAX } from './dialect/bybit/rest.ts';
import type { Delivery, VenueRequest, VenueResponse } from './request.ts';
import type { Venue } from './venue.ts';

export interface VenueServerOptions {
  readonly venue: Venue;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a bearer token may see of what the venue knows of everybody, and whether it may make trouble. */
  readonly rightOf: (token: string) => ControlRight | Promise<ControlRight>;
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
    const refusal = options.venue.refusesChannel(pathOf(request), request.socket.remoteAddress ?? '');
    if (refusal !== null) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
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
    const right = await rightOf(options, request.headers.authorization ?? '');
    const control = { method: request.method ?? '', path, query, body, right };
    respond(response, answerControl(options.venue, control));
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
  options.venue.receive(arrived, (delivery) => send(response, delivery));
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

async function rightOf(options: VenueServerOptions, authorization: string): Promise<ControlRight> {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';
  return token === '' ? 'none' : options.rightOf(token);
}

function send(response: ServerResponse, delivery: Delivery): void {
  if (delivery.kind === 'reply') {
    respond(response, delivery.response);
    if (delivery.copies === 2) response.socket?.write(rawReply(delivery.response));
  } else if (delivery.kind === 'reset') {
    breakOff(response, delivery.response);
  }
}

/** Promises the whole body, sends half of it, and breaks the connection. */
function breakOff(response: ServerResponse, answer: VenueResponse | null): void {
  const { socket } = response;
  if (answer === null) {
    socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.resetAndDestroy());
}

/** The same answer once more, as bytes: no HTTP server sends two to one question by itself. */
function rawReply(answer: VenueResponse): string {
  const length = String(Buffer.byteLength(answer.body));
  const headers = Object.entries({ ...answer.headers, 'content-length': length });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${answer.status} OK\r\n${lines}\r\n${answer.body}`;
}

function respond(response: ServerResponse, answer: VenueResponse): void {
  if (response.writableEnded || response.destroyed) return;
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  response.end(answer.body);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

function join(options: VenueServerOptions, request: IncomingMessage, stream: WebSocket): void {
  const path = pathOf(request);
  const pack = packer(request.socket);
  const session = options.venue.openChannel(path, {
    address: request.socket.remoteAddress ?? '',
    send: (text) => {
      if (stream.bufferedAmount > BACKLOG_BYTES_MAX) stream.terminate();
      else {
        pack();
        stream.send(text);
      }
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

/** Lets frames that are sent in one go leave in one packet: a market step tells hundreds of them. */
function packer(socket: Socket): () => void {
  let isOpen = false;
  return () => {
    if (isOpen) return;
    isOpen = true;
    socket.cork();
    process.nextTick(() => {
      isOpen = false;
      socket.uncork();
    });
  };
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
