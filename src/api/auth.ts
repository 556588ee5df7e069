import { z } from 'zod';

/** Each includes those before it. */
export const ROLES = ['viewer', 'trader', 'admin'] as const;
/** What a person or a token may do. */
export const roleSchema = z.enum(ROLES);

/** Exchanges the one-time sign-in code for a session cookie. */
export const claimSchema = z.strictObject({ code: z.string().min(16).max(200) });

/** Who am I; `csrfToken` goes into the header `x-infobot-csrf` of every change. */
export const sessionSchema = z
  .object({ name: z.string(), role: roleSchema, csrfToken: z.string() })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;
