import type { Actor } from './caller.ts';

/** A signed-in person, as `access` remembers the session. */
export interface SessionView extends Actor {
  /** Sent back by the page in `x-infobot-csrf` with every change. */
  readonly csrfToken: string;
}

/** What a claimed sign-in code gives: `secret` goes into the cookie and is stored nowhere in the clear. */
interface SessionGrant {
  readonly secret: string;
  readonly session: SessionView;
}

/** Whether a bearer token is good, and whose it is. Null: unknown, expired or revoked. */
interface TokenVerifier {
  verifyToken(token: string): Promise<Actor | null>;
}

/** A service of ours. `web` may speak for the person it signed in; others speak for themselves. */
export interface ServiceIdentity extends Actor {
  readonly scope: string;
}

/** What the bots server asks to learn who calls. */
export interface CallerVerifier extends TokenVerifier {
  /** Null when `token` is no service token. */
  verifyServiceToken(token: string): Promise<ServiceIdentity | null>;
}

/** What the web server needs of `access`. */
export interface AccessApi extends TokenVerifier {
  /** Exchanges a one-time code; exactly one of two racing claims succeeds. Null: wrong, used or expired. */
  claimCode(code: string): Promise<SessionGrant | null>;
  /** The live session of a cookie's secret, marked as used now. Null: unknown, idle too long or ended. */
  touchSession(secret: string): Promise<SessionView | null>;
  /** Whether the session still lives, without prolonging it: an open stream is not a person at work. */
  sessionLives(secret: string): Promise<boolean>;
  /** Ends it; unknown secrets are a no-op. */
  endSession(secret: string): Promise<void>;
}
