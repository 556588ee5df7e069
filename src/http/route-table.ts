import type { RouteOptions } from 'fastify';
import { ROLES } from '../api/auth.ts';
import { assert } from '../core/base/assert.ts';
import type { Actor } from './caller.ts';
import { type ProblemError, refusal } from './problem.ts';

/** `public` needs no caller. The others include those before them: an admin may do what a trader may. */
export type RouteRole = 'public' | Actor['role'];

interface KnownRoute {
  readonly methods: readonly string[];
  readonly path: RegExp;
}

/** Every route of a server. Deny by default: adding one without a role stops the start. */
export class RouteTable {
  private readonly known: KnownRoute[] = [];

  /** Gives the role the route declares; stops when it declares none. */
  add(route: RouteOptions): RouteRole {
    const role = route.config?.role;
    assert(role !== undefined, `The route ${String(route.method)} ${route.url} declares no role.`);
    const methods = typeof route.method === 'string' ? [route.method] : route.method;
    this.known.push({ methods, path: pathPattern(route.url) });
    return role;
  }

  /** Methods some route takes at `url`, sorted; empty for an unknown address. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.known.filter((entry) => entry.path.test(path)).flatMap((entry) => entry.methods);
    return [...new Set(methods)].sort();
  }
}

/** Null when `actor` may call a route of `role`. */
export function admit(actor: Actor | null, role: RouteRole): ProblemError | null {
  if (role === 'public') return null;
  if (actor === null) {
    return refusal('auth.required', 'Sign in, or send a valid bearer token.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  return ROLES.indexOf(actor.role) >= ROLES.indexOf(role)
    ? null
    : refusal('auth.forbidden', `This needs the role ${role}; yours is ${actor.role}.`);
}

function pathPattern(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
