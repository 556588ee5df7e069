import type { Rng } from '../../core/base/rng.ts';
import { known, type Reading, type Unknown, unknown } from '../../core/domain/reading.ts';
import { sleep, type Time } from '../../platform/time.ts';
import type { Counters } from '../counters.ts';
import type { RequestClass } from '../exchange.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Grant, RateBudget } from '../rate-budget.ts';
import type { HttpOutcome, HttpRequest, Transport } from '../transport.ts';
import { type Answer, answerFrom, type BodyScan } from './answer.ts';
import { type Credentials, signedHeaders } from './signing.ts';

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
}

/** A read or a change as it is sent. */
type Call = ReadCall & Pick<HttpRequest, 'method' | 'body'>;

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
const RESET_HEADER = 'x-bapi-limit-reset-timestamp';
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
  private measuring: Promise<Reading<number>> | null = null;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** The exchange's time as far as we know it: our own until it was measured. */
  serverTimeMs(): number {
    const { time } = this.options;
    if (this.clockOffsetMs === null) return Math.round(time.nowMs());
    return Math.round(time.monotonicMs() + this.clockOffsetMs);
  }

  /** Asks the exchange for its time and keeps the difference. Callers at the same moment share one request. */
  measureClock(requestClass: RequestClass): Promise<Reading<number>> {
    this.measuring ??= this.askForTime(requestClass).finally(() => {
      this.measuring = null;
    });
    return this.measuring;
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

  /** Sends a change once. */
  async write(call: WriteCall): Promise<Answer> {
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
    return this.send({ ...call, method: 'GET', body: '' });
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
    const middleMs = (sentMs + this.options.time.monotonicMs()) / 2;
    const answer = answerFrom(outcome, TIME_PATH);
    this.react(answer, outcome);
    if (answer.kind !== 'done') return this.unknownFrom(answer);
    this.clockOffsetMs = answer.timeMs - middleMs;
    return known(answer.timeMs, answer.timeMs, TIME_PATH);
  }

  private async send(call: Call): Promise<Answer> {
    const { method, path, query, body, requestClass } = call;
    const grant = await this.options.budget.acquire(requestClass, path);
    if (grant !== 'granted') return notGranted(grant, path);
    const headers = { ...(call.signed ? this.signatureOf(call) : {}), ...contentType(method) };
    const timeoutMs = method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS;
    const outcome = await this.request({ method, path, query, body, headers, timeoutMs });
    const answer = answerFrom(outcome, path, call.scan);
    this.react(answer, outcome);
    if (answer.kind === 'refused' && answer.reaction === 'clock') await this.measureClock(requestClass);
    return answer;
  }

  private signatureOf(
    request: Pick<HttpRequest, 'method' | 'query' | 'body'>,
  ): Readonly<Record<string, string>> {
    const payload = request.method === 'GET' ? request.query : request.body;
    return signedHeaders(this.options.credentials, this.serverTimeMs(), payload);
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

  private resetDelayMs(outcome: HttpOutcome): number {
    const headers = outcome.kind === 'answered' ? outcome.headers : {};
    const [, text] = Object.entries(headers).find(([name]) => name.toLowerCase() === RESET_HEADER) ?? [];
    if (text === undefined || !/^\d{13}$/.test(text)) return RESET_MS_DEFAULT;
    return Math.min(RESET_MS_MAX, Math.max(RESET_MS_MIN, Number(text) - this.serverTimeMs()));
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

/** A GET with a JSON content type is answered with 403. */
function contentType(method: 'GET' | 'POST'): Readonly<Record<string, string>> {
  return method === 'POST' ? { 'Content-Type': 'application/json' } : {};
}
