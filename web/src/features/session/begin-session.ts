import type { Session } from '../../../../src/api/auth.ts';
import { ApiError, type Client } from '../../client.ts';
import { SESSION_TEXT as TEXT } from './text.ts';

export type SessionStart = { readonly kind: 'signed-in'; readonly session: Session } | SessionEnd;

/** No session: `notice` says what happened, null on a plain first visit. */
export interface SessionEnd {
  readonly kind: 'signed-out' | 'unreachable';
  readonly notice: string | null;
}

/** The code of a sign-in link, taken out of the address so that it stays in neither history nor bookmarks. */
export function takeSignInCode(): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get('code');
  if (code !== null) window.history.replaceState(null, '', window.location.pathname);
  return code;
}

/** Claims the code where there is one, then asks who we are. A spent code does no harm to a living session. */
export async function beginSession(client: Client, code: string | null): Promise<SessionStart> {
  const refused = code === null ? null : await claimFault(client, code);
  try {
    return { kind: 'signed-in', session: await client.session() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 403) return { kind: 'signed-out', notice: refused };
    return { kind: 'unreachable', notice: `${TEXT.unreachable}${error.message}` };
  }
}

async function claimFault(client: Client, code: string): Promise<string | null> {
  try {
    await client.claim(code);
    return null;
  } catch (error) {
    return `${TEXT.codeRefused}${error instanceof ApiError ? error.message : String(error)}`;
  }
}
