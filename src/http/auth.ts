import type { IncomingHttpHeaders } from 'node:http';
import { roleSchema } from '../api/auth.ts';
import type { Time } from '../platform/time.ts';
import type { CallerVerifier, ServiceIdentity } from './access-api.ts';
import type { Actor } from './caller.ts';

/** How long a good token is believed without asking again: revoking it takes effect within this time. */
const BELIEF_MS = 1000;
/** Different good tokens in use at once; more only means asking more often. */
const TOKENS_MAX = 100;

type Caller =
  | { readonly kind: 'person'; readonly actor: Actor }
  | { readonly kind: 'service'; readonly service: ServiceIdentity };

interface Belief {
  readonly caller: Caller;
  readonly untilMs: number;
}

/**
 * Who calls the bots server, by bearer token. A good token is verified once a second at most, so that polling
 * never reads a database next to the trading loop; a bad one is never remembered.
 */
export class CallerAuthentication {
  private readonly verifier: CallerVerifier;
  private readonly time: Time;
  /** By the whole `Authorization` header. */
  private readonly beliefs = new Map<string, Belief>();

  constructor(verifier: CallerVerifier, time: Time) {
    this.verifier = verifier;
    this.time = time;
  }

  /** Null: no token, a bad one, or a service that speaks for a person it does not name. */
  authenticate(headers: IncomingHttpHeaders): Actor | null | Promise<Actor | null> {
    const { authorization } = headers;
    if (authorization === undefined) return null;
    const belief = this.beliefs.get(authorization);
    if (belief !== undefined && this.time.monotonicMs() < belief.untilMs) {
      return actorOfCaller(belief.caller, headers);
    }
    return this.verify(authorization, headers);
  }

  private async verify(authorization: string, headers: IncomingHttpHeaders): Promise<Actor | null> {
    this.beliefs.delete(authorization);
    const token = bearerToken(headers);
    const caller = token === null ? null : await this.findCaller(token);
    if (caller === null) return null;
    if (this.beliefs.size >= TOKENS_MAX) this.beliefs.clear();
    this.beliefs.set(authorization, { caller, untilMs: this.time.monotonicMs() + BELIEF_MS });
    return actorOfCaller(caller, headers);
  }

  private async findCaller(token: string): Promise<Caller | null> {
    const service = await this.verifier.verifyServiceToken(token);
    if (service !== null) return { kind: 'service', service };
    const actor = await this.verifier.verifyToken(token);
    return actor === null ? null : { kind: 'person', actor };
  }
}

/** The token of `Authorization: Bearer …`; null without one. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  const found = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(headers.authorization ?? '');
  return found?.[1] ?? null;
}

/** Names a person towards the bots service; only a service token of scope `web` gives these headers weight. */
export function actorHeaders(actor: Actor): Readonly<Record<string, string>> {
  return { 'x-infobot-actor': encodeURIComponent(actor.name), 'x-infobot-role': actor.role };
}

function actorOfCaller(caller: Caller, headers: IncomingHttpHeaders): Actor | null {
  if (caller.kind === 'person') return caller.actor;
  return caller.service.scope === 'web' ? namedActor(headers) : caller.service;
}

function namedActor(headers: IncomingHttpHeaders): Actor | null {
  const name = decodedName(headers['x-infobot-actor']);
  const role = roleSchema.safeParse(headers['x-infobot-role']);
  return name === null || !role.success ? null : { name, role: role.data };
}

function decodedName(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string' || header === '' || header.length > 300) return null;
  try {
    return decodeURIComponent(header);
  } catch {
    return null;
  }
}
