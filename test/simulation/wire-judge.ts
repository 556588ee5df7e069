import type { HttpOutcome } from '../../src/exchange/transport.ts';
import type { LinkRequest } from '../../src/venue/in-process.ts';

const CREATE = '/v5/order/create';
const WINDOW_MS = 5_000;
/** What the exchange permits one address, and our part of it. */
const REQUESTS_MAX = 600 * 0.8;
/** A time stamp this far ahead of the exchange is refused; one older than the window as well. */
const AHEAD_MS_MAX = 1_000;
/** What an answer that refuses for too many requests holds, and the header that says until when to wait. */
const TOO_MANY = '"retCode":10006';
const RESET_HEADER = 'x-bapi-limit-reset-timestamp';

/**
 * Looks at every request as it leaves the service. Its breaches bear the number of the invariant: I2 for a placement
 * sent twice, I14 for more requests than are permitted, I15 for a time stamp outside the exchange's window.
 */
export class WireJudge {
  private readonly found = new Set<string>();
  private readonly placed = new Set<string>();
  private readonly sentMs: number[] = [];
  private restrictedUntilMs = 0;

  breaches(): readonly string[] {
    return [...this.found];
  }

  /** The service sends something; both clocks are the same one. */
  sent(request: LinkRequest, nowMs: number): void {
    this.count(nowMs);
    const stampMs = Number(request.headers['X-BAPI-TIMESTAMP'] ?? nowMs);
    const validMs = Number(request.headers['X-BAPI-RECV-WINDOW'] ?? WINDOW_MS);
    if (validMs > WINDOW_MS) this.found.add(`I15: ${request.path} is valid for ${validMs} ms`);
    if (stampMs > nowMs + AHEAD_MS_MAX || stampMs < nowMs - validMs)
      this.found.add(`I15: ${request.path} is dated ${stampMs - nowMs} ms from the exchange's time`);
    if (request.path === CREATE) this.placement(JSON.parse(request.body), nowMs);
  }

  /** An answer has reached the service: it may be told to slow down. What is lost on its way tells nothing. */
  heard(outcome: HttpOutcome): void {
    if (outcome.kind !== 'answered' || !outcome.body.includes(TOO_MANY)) return;
    const resetMs = Number(outcome.headers[RESET_HEADER] ?? 0);
    this.restrictedUntilMs = Math.max(this.restrictedUntilMs, resetMs);
  }

  /** Another process knows nothing of what the exchange told the one before. */
  reborn(): void {
    this.restrictedUntilMs = 0;
  }

  private placement(order: { orderLinkId?: string; reduceOnly?: boolean }, nowMs: number): void {
    const id = order.orderLinkId ?? '';
    if (this.placed.has(id)) this.found.add(`I2: the placement ${id} was sent twice`);
    this.placed.add(id);
    if (order.reduceOnly !== true && nowMs < this.restrictedUntilMs)
      this.found.add(`I14: the entry ${id} was sent while the exchange wanted a pause`);
  }

  private count(nowMs: number): void {
    this.sentMs.push(nowMs);
    while ((this.sentMs[0] ?? nowMs) <= nowMs - WINDOW_MS) this.sentMs.shift();
    if (this.sentMs.length > REQUESTS_MAX)
      this.found.add(`I14: ${this.sentMs.length} requests within ${WINDOW_MS} ms`);
  }
}
