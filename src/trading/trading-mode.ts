/** Where the account stands. Any doubt moves right; only evidence moves left. */
export type Mode = 'starting' | 'reconciling' | 'ready' | 'reduce-only' | 'halted';

/** What is known about the ground entries stand on. */
export interface ModeFacts {
  readonly leaseTaken: boolean;
  /** A later process has taken the account. */
  readonly leaseLost: boolean;
  readonly universeKnown: boolean;
  /** Age of the newest complete account reading; null before the first. */
  readonly accountAgeMs: number | null;
  /** Why the newest reading of the account failed, for a person; null: it did not. */
  readonly accountFault: string | null;
  readonly accountStreamUp: boolean;
  readonly marketStreamUp: boolean;
  readonly bannedUntilMs: number | null;
  readonly stopping: boolean;
}

/** The mode, and the sentence that explains it. */
export interface ModeReading {
  readonly mode: Mode;
  readonly reason: string;
}

/** Entries stop when the account was last read longer ago than this. */
const ACCOUNT_AGE_MAX_MS = 60_000;

/** Reads the mode from the facts: a pure function, so that every reason can be shown and tested. */
export function readMode(facts: ModeFacts): ModeReading {
  if (facts.stopping) return { mode: 'reduce-only', reason: 'The service is stopping.' };
  if (facts.leaseLost) {
    return {
      mode: 'reduce-only',
      reason:
        'Another process has taken this account: entries stop here, exits and stops go on. End one of the two.',
    };
  }
  if (!facts.leaseTaken || !facts.universeKnown) {
    return { mode: 'starting', reason: 'The exchange is being read for the first time.' };
  }
  if (facts.accountAgeMs === null) {
    return { mode: 'reconciling', reason: 'The account has not been read completely yet.' };
  }
  if (facts.accountAgeMs > ACCOUNT_AGE_MAX_MS) {
    const why = facts.accountFault === null ? '' : ` It cannot be: ${facts.accountFault}.`;
    return { mode: 'reduce-only', reason: `The account was last read more than 60 s ago.${why}` };
  }
  if (facts.bannedUntilMs !== null)
    return { mode: 'reduce-only', reason: 'The exchange has banned this address.' };
  if (!facts.accountStreamUp) return { mode: 'reduce-only', reason: 'The account stream is down.' };
  if (!facts.marketStreamUp) return { mode: 'reduce-only', reason: 'The market stream is down.' };
  return { mode: 'ready', reason: 'Account, market and streams are fresh.' };
}
