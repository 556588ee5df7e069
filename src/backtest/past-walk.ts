import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ApprovedOrder } from '../core/domain/order.ts';
import type { CancelOrder, Decision } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { RecordedStretch } from '../core/engine/recorded-stretch.ts';
import type { BacktestOptions } from './options.ts';
import { PastExchange } from './past-exchange.ts';
import { Tally } from './tally.ts';

/** Sees every event and what was decided on it, in order. */
export type WalkObserver = (event: EngineEvent, decisions: readonly Decision[]) => void;

/** An order on its way to the exchange. */
interface SentOrder {
  readonly order: ApprovedOrder;
  /** Price of the tick it was decided on; null when it was decided on closed candles. */
  readonly decidedAt: number | null;
}

/** An order decided at a close reaches the exchange this much later, ms; readings of the account come in between. */
export const ORDER_DELAY_MS = 10;
/** More orders than this never act on one way of one price. */
const HITS_MAX = 64;

/**
 * The shell of a walk: carries the engine's decisions to the exchange of the past and brings its answers back.
 * Nothing fills in the tick it was decided in: an order waits for the next price of its instrument. One decided on
 * closed candles fills at that price, the next open; one decided on a tick fills at the worse of the two.
 */
export class PastWalk {
  readonly exchange: PastExchange;
  readonly tally = new Tally((id) => this.exchange.takeFunding(id));
  private readonly engine: Engine;
  private readonly observe: WalkObserver | null;
  private readonly sent = new Map<InstrumentId, SentOrder[]>();
  private isClosing = false;
  private wantsReading = false;
  private lastReadMs = Number.NEGATIVE_INFINITY;
  private tradesAtClose = 0;

  constructor(
    engine: Engine,
    options: BacktestOptions,
    { startMs, observe }: { readonly startMs: number; readonly observe: WalkObserver | null },
  ) {
    this.engine = engine;
    this.exchange = new PastExchange(options, startMs);
    this.observe = observe;
  }

  /** Instruments in which the next price may change something: a position, an order, an order on its way. */
  concerned(): readonly InstrumentId[] {
    const ids = this.exchange.activeIds();
    return this.sent.size === 0 ? ids : [...new Set([...ids, ...this.sent.keys()])];
  }

  /** True while no order is on its way and the engine waits for no reading of the account. */
  get isAtRest(): boolean {
    return this.sent.size === 0 && !this.wantsReading;
  }

  /** Instruments a position of ours has ended on since the last close, or is open or on its way. */
  takenSinceClose(): ReadonlySet<string> {
    const ended = this.tally.trades.slice(this.tradesAtClose).map(({ instrumentId }) => instrumentId);
    return new Set([...ended, ...this.concerned()]);
  }

  /** Direction of the order on its way; null when there is none. */
  sentDirection(id: InstrumentId): ApprovedOrder['direction'] | null {
    return this.sent.get(id)?.[0]?.order.direction ?? null;
  }

  /** Lets the engine learn an event, and carries out what it decides. */
  step(event: EngineEvent): void {
    const decisions = this.engine.step(event);
    this.observe?.(event, decisions);
    if (decisions.length > 0) for (const decision of decisions) this.carryOut(decision);
  }

  /** Everything until `endClose` is decided on closed candles. */
  beginClose(timeMs: number): void {
    this.exchange.nowMs = timeMs;
    this.isClosing = true;
    this.tradesAtClose = this.tally.trades.length;
  }

  endClose(): void {
    this.answerReading();
    this.isClosing = false;
  }

  /**
   * The price of an instrument moves: what is on its way arrives, then the orders at the exchange act where the price
   * meets them. A price that jumps, as from a close to the next open, leaves out what lies between.
   */
  move(
    id: InstrumentId,
    price: number,
    { timeMs, jumps }: { readonly timeMs: number; readonly jumps: boolean },
  ): void {
    const { exchange } = this;
    exchange.nowMs = timeMs;
    this.arrive(id, price);
    for (let hits = 0; hits < HITS_MAX; hits += 1) {
      const hit = exchange.nextHit(id, price, jumps);
      if (hit === null) break;
      exchange.quote(id, hit.price);
      const events = exchange.touch(id, hit.resting);
      this.learn(events);
      if (events.length === 0) break;
    }
    exchange.quote(id, price);
    if (this.sent.size > 0) this.rest(id, price);
  }

  /** Reads the account when the engine has asked for it. */
  answerReading(): void {
    if (!this.wantsReading) return;
    this.read();
  }

  /** Reads the account now, a moment later than what happened before. */
  read(): void {
    this.wantsReading = false;
    this.exchange.nowMs += 1;
    this.lastReadMs = this.exchange.nowMs;
    this.step(this.exchange.snapshot());
  }

  /** When the account was last read, ms UTC. */
  get readMs(): number {
    return this.lastReadMs;
  }

  /** Lets the engine take recorded candles in one go, and carries out what it decides on the newest. */
  advance(stretch: RecordedStretch): void {
    for (const decision of this.engine.advance(stretch)) this.carryOut(decision);
  }

  /** Lets the engine learn what happened at the exchange. */
  learn(events: readonly EngineEvent[]): void {
    for (const event of events) this.step(event);
  }

  /** The instrument is no longer traded: what is on its way is refused, what is open is settled. */
  end(id: InstrumentId): void {
    for (const { order } of this.sent.get(id) ?? []) this.refuse(order, 'not-trading');
    this.sent.delete(id);
    this.learn(this.exchange.settle(id));
  }

  private carryOut(decision: Decision): void {
    this.tally.decided(decision);
    if (decision.kind === 'place-order') this.send(decision.order);
    else if (decision.kind === 'cancel-order') this.cancel(decision);
    else if (decision.kind === 'request-snapshot') this.wantsReading = true;
    else if (decision.kind === 'amend-stop' && this.exchange.amendStop(decision)) this.wantsReading = true;
  }

  private send(order: ApprovedOrder): void {
    const { instrumentId } = order;
    const decidedAt = this.isClosing ? null : this.exchange.priceOf(instrumentId);
    this.sent.set(instrumentId, [...(this.sent.get(instrumentId) ?? []), { order, decidedAt }]);
  }

  private arrive(id: InstrumentId, price: number): void {
    const sent = this.sent.get(id);
    if (sent === undefined) return;
    this.sent.delete(id);
    const before = this.exchange.priceOf(id);
    for (const { order, decidedAt } of sent) {
      this.exchange.quote(id, decidedAt === null ? price : worse(order, decidedAt, price));
      this.learn(this.exchange.place(order));
    }
    // What was entered at this price has not lived through the way to it.
    const entered = sent.some(({ order }) => order.kind === 'entry');
    this.exchange.quote(id, entered ? price : before);
  }

  /**
   * A rung is sent when the one before it is taken, and waits in the book before the price moves on. One that would
   * fill at once waits for the next price, as any order does.
   */
  private rest(id: InstrumentId, price: number): void {
    const sent = this.sent.get(id) ?? [];
    const resting = sent.filter(({ order }) => waitsAt(order, price));
    if (resting.length === 0) return;
    const others = sent.filter((other) => !resting.includes(other));
    if (others.length === 0) this.sent.delete(id);
    else this.sent.set(id, others);
    for (const { order } of resting) this.learn(this.exchange.place(order));
    this.rest(id, price);
  }

  private cancel(decision: CancelOrder): void {
    const { instrumentId, clientOrderId } = decision;
    const sent = this.sent.get(instrumentId) ?? [];
    const waiting = sent.find(({ order }) => order.clientOrderId === clientOrderId);
    if (waiting === undefined) {
      this.learn(this.exchange.cancel(decision));
      return;
    }
    const rest = sent.filter((other) => other !== waiting);
    if (rest.length === 0) this.sent.delete(instrumentId);
    else this.sent.set(instrumentId, rest);
    this.refuse(waiting.order, 'cancelled-before-sent');
  }

  private refuse({ clientOrderId, instrumentId }: ApprovedOrder, code: string): void {
    const timeMs = this.exchange.nowMs;
    const word = { kind: 'order-update', timeMs, clientOrderId, instrumentId } as const;
    this.step({ ...word, state: 'not-placed', code, detail: '' });
  }
}

/** True for an order that rests in the book at this price instead of filling. */
function waitsAt(order: ApprovedOrder, price: number): boolean {
  const limit = order.kind === 'entry' ? order.limit : null;
  if (limit === null) return false;
  return order.side === 'buy' ? limit.price.lessThan(price) : limit.price.greaterThan(price);
}

function worse({ side }: ApprovedOrder, a: number, b: number): number {
  return side === 'buy' ? Math.max(a, b) : Math.min(a, b);
}
