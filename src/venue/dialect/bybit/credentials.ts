import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../key-ring.ts';
import type { KeyPermission } from '../../key-terms.ts';
import type { VenueAccount } from '../../venue-account.ts';
import { type Reply, refused } from './reply.ts';

const DEFAULT_WINDOW_MS = 5000;
/** How far a client's clock may run ahead. */
const AHEAD_MS = 1000;

/** What a signature covers. `payload` is the raw query of a GET, the raw body of a POST. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly address: string;
  readonly nowMs: number;
  /** What the key has to be allowed for it. */
  readonly needs: KeyPermission;
}

/** Checks keys, times and signatures as Bybit does: the very bytes that were sent are signed. */
export class Credentials {
  private readonly byKey: ReadonlyMap<string, VenueAccount>;
  private readonly keys: KeyRing;

  constructor(accounts: readonly VenueAccount[], keys: KeyRing) {
    this.keys = keys;
    this.byKey = new Map(accounts.map((each) => [each.apiKey, each]));
  }

  /** The key's account, or Bybit's refusal. Header names are lower case. */
  verify(request: SignedRequest): VenueAccount | Reply {
    const key = request.headers['x-bapi-api-key'] ?? '';
    const timestamp = request.headers['x-bapi-timestamp'] ?? '';
    const signature = request.headers['x-bapi-sign'] ?? '';
    if (key === '' || timestamp === '' || signature === '') {
      return refused(10001, 'empty value: apiTimestamp[] apiKey[] apiSignature[]');
    }
    const account = this.byKey.get(key);
    if (account === undefined || this.keys.termsOf(key) === null)
      return refused(10003, 'API key is invalid.');
    const windowText = request.headers['x-bapi-recv-window'] ?? '';
    const expired = checkTime(timestamp, windowText, request.nowMs);
    if (expired !== null) return expired;
    const signed = `${timestamp}${key}${windowText}${request.payload}`;
    if (!isSignature(signature, account.apiSecret, signed)) {
      return refused(10004, 'Error sign, please check your signature generation algorithm.');
    }
    return this.forbidden(key, request) ?? account;
  }

  /** Null when the key may be used now, from there, for that. */
  private forbidden(apiKey: string, use: Pick<SignedRequest, 'address' | 'nowMs' | 'needs'>): Reply | null {
    const terms = this.keys.termsOf(apiKey);
    if (terms === null) return refused(10003, 'API key is invalid.');
    if (terms.expiresMs !== null && use.nowMs >= terms.expiresMs) {
      return refused(33004, 'Your api key has expired.');
    }
    if (terms.ips.length > 0 && !terms.ips.includes(plainAddress(use.address))) {
      return refused(10010, "Unmatched IP, please check your API key's bound IP addresses.");
    }
    if (terms.permissions.includes(use.needs)) return null;
    return refused(10005, 'Permission denied, please check your API key permissions.');
  }

  /** Logs a stream in: `expiresMs` must lie ahead. Null when the key or the signature is wrong. */
  verifyStream(login: {
    readonly apiKey: string;
    readonly expiresMs: number;
    readonly expiresText: string;
    readonly signature: string;
    readonly address: string;
    readonly nowMs: number;
  }): VenueAccount | null {
    const account = this.byKey.get(login.apiKey);
    if (account === undefined || !(login.expiresMs > login.nowMs)) return null;
    const signed = `GET/realtime${login.expiresText}`;
    if (this.forbidden(login.apiKey, { ...login, needs: 'read' }) !== null) return null;
    return isSignature(login.signature, account.apiSecret, signed) ? account : null;
  }
}

/** Null when `server - window <= timestamp < server + 1 s`. */
function checkTime(timestampText: string, windowText: string, nowMs: number): Reply | null {
  const timestampMs = Number(timestampText);
  const windowMs = windowText === '' ? DEFAULT_WINDOW_MS : Number(windowText);
  const isInside = nowMs - windowMs <= timestampMs && timestampMs < nowMs + AHEAD_MS;
  if (isInside) return null;
  const numbers = `req_timestamp[${timestampText}],server_timestamp[${nowMs}],recv_window[${windowMs}]`;
  return refused(
    10002,
    `invalid request, please check your server timestamp or recv_window param. ${numbers}`,
  );
}

function isSignature(signature: string, secret: string, signed: string): boolean {
  const expected = Buffer.from(createHmac('sha256', secret).update(signed).digest('hex'));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** IPv4 without the prefix under which a socket for both kinds tells it. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}
