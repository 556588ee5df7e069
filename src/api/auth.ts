import { z } from 'zod';

export const ROLES = ['viewer', 'trader', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Exchanges the one-time sign-in code for a session cookie. */
export const claimSchema = z.strictObject({ code: z.string().min(16).max(200) });

/** Who am I; `csrfToken` goes into the header `x-infobot-csrf` of every change. */
export const sessionSchema = z.object({ name: z.string(), role: roleSchema, csrfToken: z.string() });
export type Session = z.infer<typeof sessionSchema>;
