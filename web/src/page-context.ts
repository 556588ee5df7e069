import { createContext, useContext } from 'react';
import type { Session } from '../../src/api/auth.ts';
import type { Client } from './client.ts';
import type { LiveState } from './live/live-state.ts';

/** What every part of the signed-in page may use. */
export interface PageContext {
  readonly client: Client;
  readonly live: LiveState;
  readonly session: Session;
  /** Reads everything again. */
  readonly reload: () => void;
  readonly signOut: () => void;
  /** Shows why the bot decided what it decided about a coin. */
  readonly openCoin: (symbol: string) => void;
}

const context = createContext<PageContext | null>(null);

export const PageProvider = context.Provider;

export function usePage(): PageContext {
  const page = useContext(context);
  if (page === null) throw new Error('usePage outside of PageProvider');
  return page;
}

/** Viewers look; the server refuses their commands, the page does not offer them. */
export function useMayTrade(): boolean {
  return usePage().session.role !== 'viewer';
}
