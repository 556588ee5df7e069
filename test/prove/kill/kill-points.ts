/** Writes to the trading database that a kill can strike and that are one statement, by what is written. */
const STATEMENTS = ['lease', 'settings', 'exit-intent', 'trade'] as const;
/** The same of those that are a transaction of several. */
const TRANSACTIONS = [
  'entry-intent',
  'intent-accepted',
  'intent-filled',
  'intent-cancelled',
  'state',
  'fill',
  'event',
  'decision',
] as const;

/** Requests that a kill can strike, by what is asked. */
const SENDS = [
  'entry',
  'rung',
  'exit',
  'stop',
  'cancel',
  'leverage',
  'read-positions',
  'read-orders',
  'read-fills',
  'read-wallet',
] as const;

/** `uncommitted`: all is written, the commit is not. */
const STATEMENT_MOMENTS = ['before', 'committed'] as const;
const TRANSACTION_MOMENTS = ['before', 'uncommitted', 'committed'] as const;
/** Before the first byte, after the last, when the answer has come but nobody has read it. */
const SEND_MOMENTS = ['before', 'sent', 'answered'] as const;

export type WriteSubject = (typeof STATEMENTS)[number] | (typeof TRANSACTIONS)[number];
export type SendSubject = (typeof SENDS)[number];

/** Every named point at which the bots process can be made to kill itself, as `subject:moment`. */
export const KILL_POINTS: readonly string[] = [
  ...STATEMENTS.flatMap((subject) => STATEMENT_MOMENTS.map((moment) => `${subject}:${moment}`)),
  ...TRANSACTIONS.flatMap((subject) => TRANSACTION_MOMENTS.map((moment) => `${subject}:${moment}`)),
  ...SENDS.flatMap((subject) => SEND_MOMENTS.map((moment) => `${subject}:${moment}`)),
];
