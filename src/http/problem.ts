import type { Problem } from '../api/wire-values.ts';

/**
 * Every refusal the HTTP servers make by themselves: code -> status and title. Codes are stable: clients and
 * texts of the page depend on them. A service's own codes (`CommandResult`) come on top.
 */
const PROBLEMS = {
  'request.malformed': [400, 'The request is malformed'],
  'request.malformed-json': [400, 'The body is not valid JSON'],
  'request.too-deep': [400, 'The body is nested too deeply'],
  'request.invalid': [400, 'The request does not fit its schema'],
  'auth.required': [401, 'Sign in, or send a valid bearer token'],
  'auth.code-refused': [401, 'The sign-in code is wrong, used or expired'],
  'auth.forbidden': [403, 'The role does not allow this'],
  'request.foreign-origin': [403, 'The request comes from another site'],
  'command.console-only': [403, 'This takes the command line'],
  'request.csrf': [403, 'The session token of the change is missing or wrong'],
  'route.unknown': [404, 'There is no such address'],
  'coin.unknown': [404, 'There is no such coin'],
  'intent.unknown': [404, 'There is no such order'],
  'optimal-ema.unknown': [404, 'No pair of averages was searched for this coin'],
  'worker.unknown': [404, 'There is no such job'],
  'bot.unknown': [404, 'There is no such bot'],
  'settings.version-unknown': [404, 'There is no such version of the settings'],
  'method.not-allowed': [405, 'The address does not take this method'],
  'idempotency.key-reused': [409, 'The idempotency key was used for another request'],
  'settings.version-changed': [412, 'The settings have changed since'],
  'request.too-large': [413, 'The body is too large'],
  'request.not-json': [415, 'Bodies are application/json'],
  'request.wrong-host': [421, 'The server does not answer to this host name'],
  'auth.too-many-attempts': [429, 'Too many failed attempts'],
  'request.headers-too-large': [431, 'The header is too large'],
  'server.internal': [500, 'Something went wrong inside'],
  'bots.broken-answer': [502, 'The bots service answered in an unexpected way'],
  'bots.unavailable': [503, 'The bots service does not answer'],
  'stream.full': [503, 'No more live streams are accepted'],
  'bots.timeout': [504, 'The bots service took too long'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A field fault: JSON path (`signal.rsiLength`; empty for the whole) and what is wrong. */
export type FieldFault = NonNullable<Problem['errors']>[number];

/** What the error handler turns into an answer. Only its own fields reach the client. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

interface ProblemExtras {
  readonly errors?: readonly FieldFault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal from the table above. `detail` is read by people and must hold nothing internal. */
export function refusal(code: ProblemCode, detail: string, extras: ProblemExtras = {}): ProblemError {
  const [status, title] = PROBLEMS[code];
  const problem = problemWith({ status, title, code, detail });
  return new ProblemError(
    extras.errors === undefined ? problem : { ...problem, errors: [...extras.errors] },
    extras.headers,
  );
}

const COMMAND_STATUS = { 'not-found': 404, conflict: 409, refused: 422 } as const;
const COMMAND_TITLE = {
  'not-found': 'There is no such thing',
  conflict: 'The state does not allow this now',
  refused: 'The command was refused',
} as const;

/** A service's refusal of a command; its code passes through. */
export function commandRefusal(refused: {
  readonly kind: keyof typeof COMMAND_STATUS;
  readonly code: string;
  readonly detail: string;
}): ProblemError {
  const { kind, code, detail } = refused;
  const title = isKnown(code) ? PROBLEMS[code][1] : COMMAND_TITLE[kind];
  return new ProblemError(problemWith({ status: COMMAND_STATUS[kind], title, code, detail }));
}

/** A code of the table has one title, whoever refuses with it. */
function isKnown(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** Adds the `type` of RFC 9457: a name, not an address that could be fetched. */
function problemWith(parts: Omit<Problem, 'type'>): Problem {
  return { type: `urn:infobot:problem:${parts.code}`, ...parts };
}
