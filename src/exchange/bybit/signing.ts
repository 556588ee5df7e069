import { createHmac } from 'node:crypto';

/** A key of an exchange account. Lives in memory only; never logged. */
export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
}

/** How long after its timestamp a request stays acceptable: after that an unseen order can no longer appear. */
export const RECEIVE_WINDOW_MS = 5000;

/**
 * Headers of a signed REST request. `payload` is the raw query of a GET or the raw body of a POST, exactly as sent.
 * `receiveWindowMs` is how long after its timestamp the exchange still takes it.
 * @see https://bybit-exchange.github.io/docs/v5/guide#authentication
 */
export function signedHeaders(
  credentials: Credentials,
  timestampMs: number,
  payload: string,
  receiveWindowMs = RECEIVE_WINDOW_MS,
): Readonly<Record<string, string>> {
  const text = `${timestampMs}${credentials.apiKey}${receiveWindowMs}${payload}`;
  return {
    'X-BAPI-API-KEY': credentials.apiKey,
    'X-BAPI-TIMESTAMP': String(timestampMs),
    'X-BAPI-RECV-WINDOW': String(receiveWindowMs),
    'X-BAPI-SIGN': signature(credentials.secret, text),
  };
}

/** Signature of the private stream's login, valid until `expiresMs` of the exchange's clock. */
export function streamSignature(credentials: Credentials, expiresMs: number): string {
  return signature(credentials.secret, `GET/realtime${expiresMs}`);
}

function signature(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
