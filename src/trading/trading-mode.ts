/** Where the account stands. Any doubt moves right; only evidence moves left. */
export type Mode = 'starting' | 'reconciling' | 'ready' | 'reduce-only' | 'halted';

/** What is known about the ground entries stand on. */
export interface ModeFacts {
  /** A person has halted trading: the sentence that says so; null: nobody has. */
  readonly halted: string | null;
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
  /** Why stops keep all entries back, for a person; null: they do not. */
  readonly stopObstacle: string | null;
  readonly bannedUntilMs: number | null;
  /** Why the store cannot be written, a sentence; null: it can. */
  readonly storeFault: string | null;
  readonly stopping: boolean;
}

/** One reason why entries may not leave, with the mode it asks for by itself. */
export interface Doubt {
  readonly code: DoubtCode;
  readonly mode: Exclude<Mode, 'ready'>;
  /** A sentence for a person. */
  readonly reason: string;
}

export type DoubtCode =
  | 'broken'
  | 'halted'
  | 'stopping'
  | 'lease-lost'
  | 'first-read'
  | 'account-unread'
  | 'account-old'
  | 'store'
  | 'ban'
  | 'account-stream'
  | 'market-stream'
  | 'stops';

/** Entries stop when the account was last read longer ago than this. */
const ACCOUNT_AGE_MAX_MS = 60_000;

const LEASE_LOST =
  'Another process has taken this account: entries stop here, exits and stops go on. End one of the two.';

/**
 * Every doubt the facts give, the one that decides the mode first: a pure function, so that each can be shown and tested.
 * Empty: entries may leave.
 */
export function doubtsOf(facts: ModeFacts): readonly Doubt[] {
  const { halted, stopping, leaseLost, leaseTaken, universeKnown, accountAgeMs } = facts;
  const first = !leaseTaken || !universeKnown;
  const found: (Doubt | false | null)[] = [
    halted !== null && { code: 'halted', mode: 'halted', reason: halted },
    stopping && reduceOnly('stopping', 'The service is stopping.'),
    leaseLost && reduceOnly('lease-lost', LEASE_LOST),
    first && {
      code: 'first-read',
      mode: 'starting',
      reason: 'The exchange is being read for the first time.',
    },
    accountAgeMs === null && {
      code: 'account-unread',
      mode: 'reconciling',
      reason: 'The account has not been read completely yet.',
    },
    accountAgeMs !== null &&
      accountAgeMs > ACCOUNT_AGE_MAX_MS &&
      reduceOnly('account-old', oldAccount(facts)),
    facts.storeFault !== null && reduceOnly('store', facts.storeFault),
    facts.bannedUntilMs !== null && reduceOnly('ban', 'The exchange has banned this address.'),
    !facts.accountStreamUp && reduceOnly('account-stream', 'The account stream is down.'),
    !facts.marketStreamUp && reduceOnly('market-stream', 'The market stream is down.'),
    facts.stopObstacle !== null && reduceOnly('stops', facts.stopObstacle),
  ];
  return found.filter((doubt) => doubt !== null && doubt !== false);
}

function reduceOnly(code: DoubtCode, reason: string): Doubt {
  return { code, mode: 'reduce-only', reason };
}

function oldAccount({ accountFault }: ModeFacts): string {
  const why = accountFault === null ? '' : ` It cannot be: ${accountFault}.`;
  return `The account was last read more than 60 s ago.${why}`;
}
