import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type ProblemError, refusal } from './problem.ts';

/** Bodies are small commands and settings. */
export const BODY_BYTES_MAX = 64 * 1024;
/** A whole settings document: a thousand coins with some twenty keys each. */
export const DOCUMENT_BYTES_MAX = 1024 * 1024;
/** The one address that takes a whole document. */
export const IMPORT_PATH = '/api/auto-bot/config/import';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** `Host` values that name this server: exact name and port, nothing that DNS could point here. */
export type AllowedHosts = ReadonlySet<string>;

/** The three loopback names with `port`. */
export function loopbackHosts(port: number): AllowedHosts {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

/**
 * What is refused before routing and authentication: foreign hosts (DNS rebinding), methods nobody offers,
 * changes asked for by another site (CSRF), bodies that are not JSON or too large. Null: go on.
 */
export function refuseRequest(request: IncomingMessage, hosts: AllowedHosts): ProblemError | null {
  const host = singleHost(request);
  if (host === null || !hosts.has(host) || request.url?.startsWith('/') !== true) {
    return refusal('request.wrong-host', 'Use the exact address and port the server was started on.');
  }
  const method = request.method ?? '';
  if (READING.has(method)) return null;
  if (!CHANGING.has(method)) {
    return refusal('method.not-allowed', `The method ${method} is not offered.`, {
      headers: { allow: [...READING, ...CHANGING].join(', ') },
    });
  }
  return refuseForeignSite(request.headers, host) ?? refuseBody(request.headers, bodyBytesMax(request.url));
}

/** Null when absent or doubled: which of two names was meant is not ours to guess. */
function singleHost(request: IncomingMessage): string | null {
  const { rawHeaders } = request;
  let found: string | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name === undefined || name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (found !== null) return null;
    found = rawHeaders[i + 1] ?? null;
  }
  return found === null ? null : found.toLowerCase();
}

/** Browsers send both headers by themselves and a page cannot forge them; scripts send neither. */
function refuseForeignSite(headers: IncomingHttpHeaders, host: string): ProblemError | null {
  const site = headers['sec-fetch-site'];
  const foreign =
    (headers.origin !== undefined && headers.origin !== `http://${host}`) ||
    (site !== undefined && site !== 'same-origin');
  return foreign
    ? refusal('request.foreign-origin', 'Changes are accepted from the page of this server only.')
    : null;
}

function bodyBytesMax(url: string | undefined): number {
  return url?.split('?', 1)[0] === IMPORT_PATH ? DOCUMENT_BYTES_MAX : BODY_BYTES_MAX;
}

/** Said to a body beyond its limit, whether its length was announced or found out. */
export const TOO_LARGE =
  'The body is larger than this address takes: ' +
  `a file of settings may have ${DOCUMENT_BYTES_MAX / 1024} KiB, everything else ${BODY_BYTES_MAX / 1024} KiB.`;

function refuseBody(headers: IncomingHttpHeaders, bytesMax: number): ProblemError | null {
  const type = headers['content-type'];
  const length = headers['content-length'];
  const hasBody = headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  const isJson = type !== undefined && type.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
  if ((type !== undefined || hasBody) && !isJson) {
    return refusal('request.not-json', 'Send the body as application/json.');
  }
  if (headers['content-encoding'] !== undefined) {
    return refusal('request.not-json', 'Send the body without content encoding.');
  }
  if (length !== undefined && Number(length) > bytesMax) {
    return refusal('request.too-large', TOO_LARGE);
  }
  return null;
}
