/** Where the account stands. Any doubt moves right; only evidence moves left. */
export type Mode = 'starting' | 'reconciling' | 'ready' | 'reduce-only' | 'halted';

/** What is known about the ground entries stand on. */
export interface ModeFacts {
  /** A person has halted trading: the sentence that says so; null: nobody has. */
  readonly halted: string | null;
  readonly leaseTaken: boolean;
  /** A later process has taken the account. */
  readonly leaseLost: boolean;
  /** How long ago the names of the account's orders were read, ms; null: they were not yet. */
  readonly ordersAgeMs: number | null;
  readonly universeKnown: boolean;
  /** Age of the newest complete account reading; null before the first. */
  readonly accountAgeMs: number | null;
  /** Why the newest reading of the account failed, for a person; null: it did not. */
  readonly accountFault: string | null;
  readonly accountStreamUp: boolean;
  readonly marketStreamUp: boolean;
  /** Why stops keep all entries back, for a person; null: they do not. */
  readonly stopObstacle: string | null;
  /** Why clocks keep all entries back, a sentence; null: they do not. */
  readonly clockFault: string | null;
  /** Why the exchange takes no orders, a sentence; null: it does. */
  readonly tradingHalt: string | null;
  readonly bannedUntilMs: number | null;
  /** Why the store cannot be written, a sentence; null: it can. */
  readonly storeFault: string | null;
  /** Why the gate would let no entry through whatever it is; null: nothing that is known. */
  readonly gateFault: string | null;
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
  | 'lease-unread'
  | 'first-read'
  | 'account-unread'
  | 'account-old'
  | 'gate'
  | 'store'
  | 'ban'
  | 'clock'
  | 'exchange-halt'
  | 'account-stream'
  | 'market-stream'
  | 'stops';

/** Entries stop when the account, or its orders, were last read longer ago than this. */
const ACCOUNT_AGE_MAX_MS = 60_000;

const LEASE_LOST =
  'Another process has taken this account: entries stop here, exits and stops go on. End one of the two, then start this one again.';
const LEASE_UNREAD =
  'Whether another process enters on this account is not known: its orders cannot be read.';

/**
 * Every doubt the facts give, the one that decides the mode first: a pure function, so that each can be shown and tested.
 * Empty: entries may leave.
 */
export function doubtsOf(facts: ModeFacts): readonly Doubt[] {
  const found = [...doubtsOfHolder(facts), ...doubtsOfReading(facts), ...doubtsOfGround(facts)];
  return found.filter((doubt) => doubt !== null && doubt !== false);
}

type Found = Doubt | false | null;

/** Who may decide at all. */
function doubtsOfHolder({ halted, stopping, leaseLost, bannedUntilMs }: ModeFacts): readonly Found[] {
  return [
    halted !== null && { code: 'halted', mode: 'halted', reason: halted },
    stopping && reduceOnly('stopping', 'The service is stopping.'),
    leaseLost && reduceOnly('lease-lost', LEASE_LOST),
    bannedUntilMs !== null && reduceOnly('ban', bannedText(bannedUntilMs)),
  ];
}

/** What is known of the account. */
function doubtsOfReading(facts: ModeFacts): readonly Found[] {
  const { leaseTaken, universeKnown, accountAgeMs, ordersAgeMs } = facts;
  const first = !leaseTaken || !universeKnown;
  return [
    first && {
      code: 'first-read',
      mode: 'starting',
      reason: 'The exchange is being read for the first time.',
    },
    (accountAgeMs === null || ordersAgeMs === null) && {
      code: 'account-unread',
      mode: 'reconciling',
      reason: 'The account has not been read completely yet.',
    },
    facts.gateFault !== null && { code: 'gate', mode: 'reconciling', reason: facts.gateFault },
    isOld(accountAgeMs) && reduceOnly('account-old', oldAccount(facts)),
    isOld(ordersAgeMs) && reduceOnly('lease-unread', LEASE_UNREAD),
  ];
}

/** What entries stand on. */
function doubtsOfGround(facts: ModeFacts): readonly Found[] {
  return [
    facts.storeFault !== null && reduceOnly('store', facts.storeFault),
    facts.clockFault !== null && reduceOnly('clock', facts.clockFault),
    facts.tradingHalt !== null && reduceOnly('exchange-halt', facts.tradingHalt),
    !facts.accountStreamUp && reduceOnly('account-stream', 'The account stream is down.'),
    !facts.marketStreamUp && reduceOnly('market-stream', 'The market stream is down.'),
    facts.stopObstacle !== null && reduceOnly('stops', facts.stopObstacle),
  ];
}

function isOld(ageMs: number | null): boolean {
  return ageMs !== null && ageMs > ACCOUNT_AGE_MAX_MS;
}

function bannedText(untilMs: number): string {
  const until = new Date(untilMs).toISOString().slice(11, 19);
  return `The exchange has shut out this address until ${until} UTC: nothing is asked or sent until then. Stops rest at the exchange.`;
}

function reduceOnly(code: DoubtCode, reason: string): Doubt {
  return { code, mode: 'reduce-only', reason };
}

function oldAccount({ accountFault }: ModeFacts): string {
  const why = accountFault === null ? '' : ` It cannot be: ${accountFault}.`;
  return `The account was last read more than 60 s ago.${why}`;
}
