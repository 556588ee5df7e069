import { ensure } from '../core/base/assert.ts';

/** What a person or script may: look; trade; change settings and access. Each includes those before. */
const ROLES = ['viewer', 'trader', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as authentication found out. */
export interface Person {
  readonly name: string;
  readonly role: Role;
}

/** Null for text that names no role. */
export function parseRole(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}

/** The person a stored row speaks of. */
export function personOf(row: Readonly<Record<string, unknown>>): Person {
  const role = ensure(parseRole(String(row['role'])), 'A stored role is one of ours.');
  return { name: String(row['name']), role };
}
