import type { Rng } from '../../core/base/rng.ts';
import { known, type Reading, type Unknown, unknown } from '../../core/domain/reading.ts';
import { sleep, type Time } from '../../platform/time.ts';
import type { Counters } from '../counters.ts';
import type { RequestClass } from '../exchange.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Grant, RateBudget } from '../rate-budget.ts';
import type { HttpOutcome, HttpRequest, Transport } from '../transport.ts';
import { type Answer, answerFrom, type BodyScan } from './answer.ts';
import { type Credentials, RECEIVE_WINDOW_MS, signedHeaders } from './signing.ts';

/** A read. The query is sent and signed byte for byte. */
export interface ReadCall {
  readonly path: string;
  readonly query: string;
  readonly signed: boolean;
  readonly requestClass: RequestClass;
  /** Makes the `result` of a usual answer without JSON; what it cannot read is read as JSON. */
  readonly scan?: BodyScan;
}

/** A change. Sent at most once, whatever happens. */
export interface WriteCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestClass: RequestClass;
  /** Asked when the waiting for clock and budget is over, with how long it can be carried out from then on; false: it is not sent. */
  readonly mayLeave?: ((validForMs: number) => boolean) | undefined;
  /** Left out: as long as any request. */
  readonly receiveWindowMs?: number;
}

/** What a change met. */
export interface Written {
  readonly answer: Answer;
  /** Exchange time after which it cannot be carried out any more; null: it was not sent. */
  readonly validUntilMs: number | null;
}

/** A read or a change as it is sent. */
type Call = ReadCall & Pick<HttpRequest, 'method' | 'body'> & Pick<WriteCall, 'mayLeave' | 'receiveWindowMs'>;

export interface ClientOptions {
  readonly transport: Transport;
  readonly time: Time;
  readonly rng: Rng;
  readonly credentials: Credentials;
  readonly budget: RateBudget;
  readonly counters: Counters;
  readonly log: ExchangeLog;
}

const TIME_PATH = '/v5/market/time';
/** A read can be asked again soon; a write that is given up early only leaves more to look up. */
const READ_TIMEOUT_MS = 5_000;
const WRITE_TIMEOUT_MS = 10_000;
/** Reads are repeated after these pauses, each stretched by up to a half so that many do not return together. */
const RETRY_DELAYS_MS: readonly number[] = [100, 200, 400];
const RETRY_JITTER_RATE = 0.5;
/** The exchange lifts a ban of an address after ten minutes without traffic; some seconds more are cheap. */
const BAN_MS = 605_000;
/** How much a clock may run off against another: 500 in a million. */
const CLOCK_DRIFT_RATE = 0.0005;
/** More is never said of the clock's error: a request signed further off is refused, and the clock measured anew. */
const CLOCK_ERROR_MS_MAX = 2_000;
const LIMIT_HEADER = 'x-bapi-limit';
const LEFT_HEADER = 'x-bapi-limit-status';
const RESET_HEADER = 'x-bapi-limit-reset-timestamp';
/** Less is no time in milliseconds. */
const RESET_TIME_MS_MIN = 1_000_000_000_000;
const RESET_MS_DEFAULT = 5_000;
const RESET_MS_MIN = 100;
const RESET_MS_MAX = 60_000;

/**
 * Speaks Bybit's REST: waits for the rate budget, signs with the exchange's clock, sends, classifies. Reads are
 * repeated up to three times; writes never.
 */
export class BybitClient {
  private readonly options: ClientOptions;
  /** Exchange time minus our monotonic time: unaffected when the machine's wall clock is set. Null: not measured. */
  private clockOffsetMs: number | null = null;
  /** Half of the round trip the difference was measured with, and when that was by our monotonic time. */
  private clockMeasured = { errorMs: CLOCK_ERROR_MS_MAX, atMs: 0 };
  private readonly measuring = new Map<RequestClass, Promise<Reading<number>>>();

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** The exchange's time as far as we know it: our own until it was measured. */
  serverTimeMs(): number {
    const { time } = this.options;
    if (this.clockOffsetMs === null) return Math.round(time.nowMs());
    return Math.round(time.monotonicMs() + this.clockOffsetMs);
  }

  isClockMeasured(): boolean {
    return this.clockOffsetMs !== null;
  }

  /**
   * Asks the exchange for its time and keeps the difference. Callers of one class at the same moment share one request:
   * none that is urgent waits behind one that is not.
   */
  measureClock(requestClass: RequestClass): Promise<Reading<number>> {
    const underWay = this.measuring.get(requestClass);
    if (underWay !== undefined) return underWay;
    const measured = this.askForTime(requestClass).finally(() => this.measuring.delete(requestClass));
    this.measuring.set(requestClass, measured);
    return measured;
  }

  /** The `result` of the answer, dated by the exchange; unknown with the reason after the last attempt. */
  async read(call: ReadCall): Promise<Reading<unknown>> {
    let answer = await this.attempt(call);
    for (const delayMs of RETRY_DELAYS_MS) {
      if (!mayRepeat(answer)) break;
      this.options.counters.add('read-repeated');
      await sleep(this.options.time, delayMs * (1 + RETRY_JITTER_RATE * this.options.rng.next()));
      answer = await this.attempt(call);
    }
    if (answer.kind === 'done') return known(answer.result, answer.timeMs, call.path);
    return this.unknownFrom(answer);
  }

  /** How far `serverTimeMs` may be from the exchange's own time, ms: at most two seconds are said. */
  clockErrorMs(): number {
    return Math.min(CLOCK_ERROR_MS_MAX, this.knownErrorMs() ?? CLOCK_ERROR_MS_MAX);
  }

  /** The same without the bound on what is said; null: the clock was not measured yet. */
  knownErrorMs(): number | null {
    if (this.clockOffsetMs === null) return null;
    const { errorMs, atMs } = this.clockMeasured;
    return Math.ceil(errorMs + (this.options.time.monotonicMs() - atMs) * CLOCK_DRIFT_RATE);
  }

  /** Sends a change once. */
  async write(call: WriteCall): Promise<Written> {
    await this.ensureClock(call.requestClass);
    const body = JSON.stringify(call.body);
    return this.send({ ...call, method: 'POST', query: '', body, signed: true });
  }

  /** Counts and words an answer that does not have the agreed shape. `detail` begins with the endpoint. */
  badAnswer(detail: string): Unknown {
    this.options.counters.add('bad-answer');
    this.options.log('The exchange gave an answer that cannot be read.', { detail });
    return unknown('bad-answer', detail);
  }

  private async attempt(call: ReadCall): Promise<Answer> {
    if (call.signed) await this.ensureClock(call.requestClass);
    return (await this.send({ ...call, method: 'GET', body: '' })).answer;
  }

  /** Without a measurement our own clock has to do: the exchange refuses a wrong one and we measure then. */
  private async ensureClock(requestClass: RequestClass): Promise<void> {
    if (this.clockOffsetMs === null) await this.measureClock(requestClass);
  }

  private async askForTime(requestClass: RequestClass): Promise<Reading<number>> {
    const grant = await this.options.budget.acquire(requestClass, TIME_PATH);
    if (grant !== 'granted') return this.unknownFrom(notGranted(grant, TIME_PATH));
    const sentMs = this.options.time.monotonicMs();
    const request = { method: 'GET', path: TIME_PATH, query: '', body: '', headers: {} } as const;
    const outcome = await this.request({ ...request, timeoutMs: READ_TIMEOUT_MS });
    const atMs = this.options.time.monotonicMs();
    const middleMs = (sentMs + atMs) / 2;
    const answer = answerFrom(outcome, TIME_PATH);
    this.react(answer, outcome);
    if (answer.kind !== 'done') return this.unknownFrom(answer);
    this.clockOffsetMs = answer.timeMs - middleMs;
    this.clockMeasured = { errorMs: atMs - middleMs, atMs };
    return known(answer.timeMs, answer.timeMs, TIME_PATH);
  }

  private async send(call: Call): Promise<Written> {
    const { method, path, query, body, requestClass } = call;
    const grant = await this.options.budget.acquire(requestClass, path);
    if (grant !== 'granted') return { answer: notGranted(grant, path), validUntilMs: null };
    const validForMs = (call.receiveWindowMs ?? RECEIVE_WINDOW_MS) + this.clockErrorMs();
    if (call.mayLeave?.(validForMs) === false) return { answer: NOT_LEFT, validUntilMs: null };
    const signedMs = this.serverTimeMs();
    const validUntilMs = signedMs + validForMs;
    const headers = { ...(call.signed ? this.signatureOf(call, signedMs) : {}), ...contentType(method) };
    const timeoutMs = method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS;
    const outcome = await this.request({ method, path, query, body, headers, timeoutMs });
    const answer = answerFrom(outcome, path, call.scan);
    this.noteLimit(path, outcome);
    this.react(answer, outcome);
    if (answer.kind === 'refused' && answer.reaction === 'clock') await this.measureClock(requestClass);
    return { answer, validUntilMs };
  }

  private signatureOf(
    request: Pick<Call, 'method' | 'query' | 'body' | 'receiveWindowMs'>,
    signedMs: number,
  ): Readonly<Record<string, string>> {
    const payload = request.method === 'GET' ? request.query : request.body;
    return signedHeaders(this.options.credentials, signedMs, payload, request.receiveWindowMs);
  }

  private async request(request: HttpRequest): Promise<HttpOutcome> {
    this.options.counters.add('request');
    try {
      return await this.options.transport.request(request);
    } catch (error) {
      return {
        kind: 'no-answer',
        detail: `transport failed: ${error instanceof Error ? error.name : 'error'}`,
      };
    }
  }

  private react(answer: Answer, outcome: HttpOutcome): void {
    const { budget, counters, log } = this.options;
    if (answer.kind !== 'refused') {
      if (answer.kind !== 'done') counters.add(answer.kind);
      return;
    }
    counters.add(`refused-${answer.reaction}`);
    counters.add(`code ${answer.code}`);
    if (answer.reaction === 'ban') budget.ban(BAN_MS);
    if (answer.reaction === 'rate') budget.restrict(this.resetDelayMs(outcome));
    if (answer.reaction === 'ban') log('The exchange shut out this address.', { detail: answer.detail });
    if (answer.reaction === 'key') log('The exchange refuses the API key.', { detail: answer.detail });
  }

  /** What others use of the same key is known from the exchange alone. */
  private noteLimit(path: string, outcome: HttpOutcome): void {
    const perSecond = wholeFrom(outcome, LIMIT_HEADER);
    const left = wholeFrom(outcome, LEFT_HEADER);
    if (perSecond !== null && perSecond > 0 && left !== null)
      this.options.budget.noteStated(path, { perSecond, left });
  }

  private resetDelayMs(outcome: HttpOutcome): number {
    const resetMs = wholeFrom(outcome, RESET_HEADER);
    if (resetMs === null || resetMs < RESET_TIME_MS_MIN) return RESET_MS_DEFAULT;
    return Math.min(RESET_MS_MAX, Math.max(RESET_MS_MIN, resetMs - this.serverTimeMs()));
  }

  private unknownFrom(answer: Exclude<Answer, { kind: 'done' }>): Unknown {
    if (answer.kind === 'unreadable') return this.badAnswer(answer.detail);
    if (answer.kind === 'no-answer') return unknown('no-answer', answer.detail);
    if (answer.kind === 'not-sent') return unknown(answer.reason, answer.detail);
    if (answer.reaction === 'ban') return unknown('banned', answer.detail);
    if (answer.reaction === 'rate') return unknown('rate-limited', answer.detail);
    const unclear = answer.reaction === 'ambiguous' || answer.reaction === 'busy';
    return unknown(unclear ? 'no-answer' : 'refused', answer.detail);
  }
}

function mayRepeat(answer: Answer): boolean {
  if (answer.kind === 'done') return false;
  if (answer.kind === 'not-sent') return answer.reason === 'not-sent';
  if (answer.kind !== 'refused') return true;
  return ['busy', 'ambiguous', 'clock', 'rate'].includes(answer.reaction);
}

function notGranted(grant: Exclude<Grant, 'granted'>, path: string): Exclude<Answer, { kind: 'done' }> {
  const reasons = {
    banned: 'banned',
    'queue-full': 'rate-limited',
    overdue: 'rate-limited',
    closed: 'not-sent',
  } as const;
  return { kind: 'not-sent', reason: reasons[grant], detail: `${path}: rate budget says ${grant}` };
}

/** Whoever asked for it wants it no more. */
const NOT_LEFT = {
  kind: 'not-sent',
  reason: 'not-sent',
  detail: 'not wanted any more when its turn came',
} as const;

/** A GET with a JSON content type is answered with 403. */
function contentType(method: 'GET' | 'POST'): Readonly<Record<string, string>> {
  return method === 'POST' ? { 'Content-Type': 'application/json' } : {};
}

/** A header's whole number; null where it is not there or is none. */
function wholeFrom(outcome: HttpOutcome, header: string): number | null {
  const headers = outcome.kind === 'answered' ? outcome.headers : {};
  const [, text] = Object.entries(headers).find(([name]) => name.toLowerCase() === header) ?? [];
  return text !== undefined && /^\d{1,13}$/.test(text) ? Number(text) : null;
}
