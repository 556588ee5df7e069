import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../platform/logger.ts';
import { type ProblemError, refusal } from './problem.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { translateError } from './translate-error.ts';

/** What the servers need of the logger. Fields never hold secrets, headers or bodies. */
export type HttpLog = Pick<Logger, 'warn' | 'error'>;

/** Node's default is 16 KiB; ours are small. */
export const HEADER_BYTES_MAX = 8 * 1024;
/** The error handler of both servers: a refusal as it is, anything else as a 500 that tells only where to look. */
export function answerError(
  log: HttpLog,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const refused = translateError(error);
  const route = request.routeOptions.url ?? null;
  if (refused === null) {
    log.error('request failed', { requestId: request.id, method: request.method, route, error });
    sendProblem(refusal('server.internal', `Look for ${request.id} in the log.`), request, reply);
    return;
  }
  if (SUSPICIOUS.has(refused.problem.code)) {
    log.warn('request refused', {
      requestId: request.id,
      method: request.method,
      code: refused.problem.code,
    });
  }
  sendProblem(refused, request, reply);
}

const SUSPICIOUS: ReadonlySet<string> = new Set([
  'request.wrong-host',
  'request.foreign-origin',
  'request.csrf',
  'auth.too-many-attempts',
]);

function sendProblem(refused: ProblemError, request: FastifyRequest, reply: FastifyReply): void {
  reply
    .code(refused.problem.status)
    .headers({ ...refused.headers })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify({ ...refused.problem, requestId: request.id }));
}

/** What Node could not parse as HTTP has no request to answer through. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { problem } =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? refusal('request.headers-too-large', `The header is larger than ${HEADER_BYTES_MAX / 1024} KiB.`)
      : refusal('request.malformed', 'This is not a valid HTTP request.');
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `${problem.status} ${problem.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}`;
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`);
}
