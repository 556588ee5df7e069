import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import {
  type ApprovedOrder,
  type ClientOrderId,
  type Order,
  parseClientOrderId,
} from '../core/domain/order.ts';
import type { AmendStop, CancelOrder, Decision } from '../core/engine/decision.ts';
import type { EngineEvent, OrderUpdate } from '../core/engine/event.ts';
import type { ChangeOutcome, Exchange, PlaceOutcome } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { IntentState } from '../store/store.ts';
import type { IntentJournal } from './intent-journal.ts';
import { resolveOrder } from './order-resolver.ts';
import type { StepObserver, Unstamped } from './trading-loop.ts';

type Subject = Pick<OrderUpdate, 'clientOrderId' | 'instrumentId'>;
type Fate = Pick<OrderUpdate, 'state' | 'code' | 'detail'>;

const NEVER_PLACED: Fate = {
  state: 'not-placed',
  code: 'executor.not-placed',
  detail: 'The exchange never had the order: two agreeing lookups after its validity had run out.',
};

/** What the executor needs from its surroundings. */
export interface ExecutorContext {
  readonly exchange: Exchange;
  readonly journal: IntentJournal;
  readonly time: Time;
  readonly instrument: (id: InstrumentId) => Instrument | null;
  readonly dispatch: (event: Unstamped) => void;
  /** Resolves when the trading state of all steps so far is durable; entries wait for it. */
  readonly persisted: () => Promise<void>;
  /** Asks for a fresh reading of the account. */
  readonly requestSync: (reason: string) => void;
  readonly report: (message: string) => void;
}

/**
 * Carries out the engine's decisions at the exchange. Entries: leverage, durable journal, then the order
 * with its stop, once. Exits: reduce-only, never held up. An unclear outcome is looked up, never repeated.
 */
export class OrderExecutor implements StepObserver {
  private readonly context: ExecutorContext;
  private readonly leverages = new Map<InstrumentId, number>();
  private readonly resolving = new Set<string>();
  private readonly amending = new Set<InstrumentId>();
  private readonly inFlight = new Set<Promise<void>>();
  private stopped = false;

  constructor(context: ExecutorContext) {
    this.context = context;
  }

  onStep(_sequence: number, _event: EngineEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'place-order') this.track(this.place(decision.order));
      else if (decision.kind === 'cancel-order') this.track(this.cancel(decision));
      else if (decision.kind === 'amend-stop') this.track(this.amendStop(decision));
      else if (decision.kind === 'request-snapshot') this.context.requestSync(decision.reason);
    }
  }

  /** The exchange's word on an order of ours, from its stream or a lookup. */
  onOrder(order: Order): void {
    if (order.clientOrderId === null) return;
    const state = stateOf(order);
    if (state === null) return;
    const clientOrderId = parseClientOrderId(order.clientOrderId);
    if (clientOrderId === null) return;
    this.settle(
      { clientOrderId, instrumentId: order.instrumentId },
      { state, code: '', detail: order.reason },
    );
  }

  /** Looks up an order whose outcome a previous run did not learn. */
  resume(unresolved: { instrument: Instrument; clientOrderId: ClientOrderId; sentMs: number }): void {
    this.track(this.resolve(unresolved));
  }

  /** Waits for what is under way, at most as long as those calls take; starts nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled([...this.inFlight]);
  }

  /** How many orders wait for their outcome to be found out. */
  unresolvedCount(): number {
    return this.resolving.size;
  }

  private track(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => this.context.report(`Executor: ${String(error)}`));
    this.inFlight.add(guarded);
    void guarded.finally(() => this.inFlight.delete(guarded));
  }

  private async place(order: ApprovedOrder): Promise<void> {
    const instrument = this.context.instrument(order.instrumentId);
    if (instrument === null)
      return this.refuse(order, 'executor.instrument-unknown', 'instrument is not known');
    if (order.kind === 'entry' && this.stopped) {
      return this.refuse(order, 'executor.stopping', 'the service is stopping');
    }
    const ready =
      order.kind === 'entry' ? await this.prepareEntry(order, instrument) : await this.prepareExit(order);
    if (!ready) return;
    const sentMs = this.context.time.nowMs();
    const outcome = await this.context.exchange.placeOrder(order, instrument);
    await this.afterPlacement(order, instrument, sentMs, outcome);
  }

  private async prepareEntry(order: ApprovedOrder, instrument: Instrument): Promise<boolean> {
    if (order.kind !== 'entry') return true;
    const leverage = await this.ensureLeverage(instrument, order.leverage);
    if (leverage.kind !== 'done') {
      this.refuse(order, 'executor.leverage', `leverage could not be set: ${describe(leverage)}`);
      return false;
    }
    await this.context.persisted();
    const journaled = await this.context.journal.prepare(order);
    if (journaled === 'durable') return true;
    const why = typeof journaled === 'string' ? journaled : journaled.failed;
    this.refuse(order, 'executor.journal', `the order could not be journaled: ${why}`);
    return false;
  }

  private async prepareExit(order: ApprovedOrder): Promise<boolean> {
    const journaled = await this.context.journal.prepare(order);
    if (journaled !== 'durable')
      this.context.report(`Exit ${order.clientOrderId} goes out ahead of its journal row.`);
    return true;
  }

  private async ensureLeverage(instrument: Instrument, leverage: number): Promise<ChangeOutcome> {
    if (this.leverages.get(instrument.id) === leverage) return { kind: 'done' };
    const outcome = await this.context.exchange.setLeverage(instrument, leverage);
    if (outcome.kind === 'done') this.leverages.set(instrument.id, leverage);
    return outcome;
  }

  private async afterPlacement(
    order: ApprovedOrder,
    instrument: Instrument,
    sentMs: number,
    outcome: PlaceOutcome,
  ): Promise<void> {
    const { clientOrderId, instrumentId } = order;
    const subject = { clientOrderId, instrumentId };
    if (outcome.kind === 'accepted') {
      this.settle(subject, { state: 'accepted', code: '', detail: '' });
      return this.context.requestSync('an order was accepted');
    }
    const { detail } = outcome;
    if (outcome.kind === 'rejected')
      return this.settle(subject, { state: 'rejected', code: outcome.code, detail });
    if (outcome.kind === 'not-sent') {
      return this.settle(subject, { state: 'not-placed', code: 'executor.not-sent', detail });
    }
    this.settle(subject, { state: 'unknown', code: 'executor.unknown', detail });
    await this.resolve({ instrument, clientOrderId, sentMs });
  }

  private async resolve(unresolved: {
    instrument: Instrument;
    clientOrderId: ClientOrderId;
    sentMs: number;
  }): Promise<void> {
    const { clientOrderId, instrument } = unresolved;
    if (this.resolving.has(clientOrderId)) return;
    this.resolving.add(clientOrderId);
    const resolution = await resolveOrder(unresolved, {
      exchange: this.context.exchange,
      time: this.context.time,
      isStopped: () => this.stopped,
    });
    this.resolving.delete(clientOrderId);
    if (resolution === null) return;
    if (resolution.kind === 'found') this.onOrder(resolution.order);
    else this.settle({ clientOrderId, instrumentId: instrument.id }, NEVER_PLACED);
    this.context.requestSync('an unclear order outcome was resolved');
  }

  private async cancel(decision: CancelOrder): Promise<void> {
    const instrument = this.context.instrument(decision.instrumentId);
    if (instrument === null) return;
    const outcome = await this.context.exchange.cancelOrder(instrument, decision.clientOrderId);
    if (outcome.kind !== 'done')
      this.context.report(`Cancel ${decision.clientOrderId}: ${describe(outcome)}`);
    this.context.requestSync('an order was cancelled');
  }

  /** Level-triggered: whatever the answer, the next reading of the account decides whether it is needed again. */
  private async amendStop(decision: AmendStop): Promise<void> {
    const instrument = this.context.instrument(decision.instrumentId);
    if (instrument === null || this.amending.has(decision.instrumentId)) return;
    this.amending.add(decision.instrumentId);
    const { direction, stopPrice, takeProfitPrice } = decision;
    const outcome = await this.context.exchange.setStop({
      instrument,
      direction,
      stopPrice,
      takeProfitPrice,
    });
    this.amending.delete(decision.instrumentId);
    if (outcome.kind !== 'done')
      this.context.report(`Stop of ${decision.instrumentId}: ${describe(outcome)}`);
    this.context.requestSync('a stop was set');
  }

  /** Nothing was journaled or sent: only the engine needs to know. */
  private refuse(order: ApprovedOrder, code: string, detail: string): void {
    const { clientOrderId, instrumentId } = order;
    this.context.dispatch({
      kind: 'order-update',
      clientOrderId,
      instrumentId,
      state: 'not-placed',
      code,
      detail,
    });
  }

  private settle(subject: Subject, fate: Fate): void {
    this.context.journal.settle(subject.clientOrderId, fate.state satisfies IntentState, fate.detail);
    this.context.dispatch({ kind: 'order-update', ...subject, ...fate });
  }
}

/** Null for states that say nothing yet. */
function stateOf(order: Order): OrderUpdate['state'] | null {
  if (order.status === 'filled') return 'filled';
  if (order.status === 'rejected') return 'rejected';
  if (order.status === 'cancelled') return 'cancelled';
  return order.status === 'open' || order.status === 'partly-filled' ? 'accepted' : null;
}

function describe(outcome: ChangeOutcome): string {
  if (outcome.kind === 'done') return 'done';
  return outcome.kind === 'rejected'
    ? `${outcome.code} ${outcome.detail}`
    : `${outcome.kind} ${outcome.detail}`;
}
