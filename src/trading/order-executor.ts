import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import {
  type ApprovedOrder,
  type ClientOrderId,
  type Order,
  parseClientOrderId,
} from '../core/domain/order.ts';
import type { AmendStop, CancelOrder, Decision, LookUpOrder } from '../core/engine/decision.ts';
import type { EngineEvent, OrderUpdate } from '../core/engine/event.ts';
import type { Exchange, PlaceOutcome } from '../exchange/exchange.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { IntentState } from '../store/store.ts';
import { describeChange, type EntryFault, entryFault, journalFault, unsavedFault } from './entry-fault.ts';
import type { IntentJournal } from './intent-journal.ts';
import { OrderLookups } from './order-lookups.ts';
import type { Resolution } from './order-resolver.ts';
import type { StepObserver, Unstamped } from './trading-loop.ts';

type Subject = Pick<OrderUpdate, 'clientOrderId' | 'instrumentId'>;
type Fate = Pick<OrderUpdate, 'state' | 'code' | 'detail' | 'filledQuantity'>;

/** An entry that is not ready to be sent this long after its decision is not sent: its price and its slot are old. */
const ENTRY_AGE_MS_MAX = 5_000;
/** Ending waits no longer for calls under way; what they were about stays open in the journal. */
const STOP_WAIT_MS = 3_000;

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
 * Carries out the engine's decisions at the exchange. Entries: margin mode and leverage read back, durable state and
 * journal, then the order with its stop, once, in time. Exits: reduce-only, never held up. An unclear outcome is looked up,
 * never repeated.
 */
export class OrderExecutor implements StepObserver {
  private readonly context: ExecutorContext;
  private readonly lookups: OrderLookups;
  /** Orders between their decision and the outcome of their placement. */
  private readonly placing = new Set<string>();
  private readonly amending = new Set<InstrumentId>();
  private readonly inFlight = new Set<Promise<void>>();
  private stopped = false;

  constructor(context: ExecutorContext) {
    this.context = context;
    const { exchange, time, report } = context;
    this.lookups = new OrderLookups({
      exchange,
      time,
      report,
      onResolved: (subject, resolution) => this.resolved(subject, resolution),
    });
  }

  onStep(_sequence: number, _event: EngineEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'place-order') this.track(this.place(decision.order));
      else if (decision.kind === 'cancel-order') this.track(this.cancel(decision));
      else if (decision.kind === 'amend-stop') this.track(this.amendStop(decision));
      else if (decision.kind === 'look-up-order') this.track(this.lookUp(decision));
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
    const { instrumentId, filledQuantity, reason } = order;
    this.settle({ clientOrderId, instrumentId }, { state, code: '', detail: reason, filledQuantity });
  }

  /** Looks up an order whose outcome a previous run did not learn: whatever that run sent was sent before now. */
  resume(unresolved: { instrument: Instrument; clientOrderId: ClientOrderId }): void {
    this.lookups.start({ ...unresolved, sentMs: this.context.time.nowMs() });
  }

  /** Starts nothing more but exits, and waits a little for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.lookups.stop();
    await Promise.race([Promise.allSettled([...this.inFlight]), sleep(this.context.time, STOP_WAIT_MS)]);
  }

  /** How many orders wait for their outcome to be found out. */
  unresolvedCount(): number {
    return this.lookups.count();
  }

  private track(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => this.context.report(`Executor: ${String(error)}`));
    this.inFlight.add(guarded);
    void guarded.finally(() => this.inFlight.delete(guarded));
  }

  private async place(order: ApprovedOrder): Promise<void> {
    this.placing.add(order.clientOrderId);
    try {
      await this.prepareAndPlace(order);
    } finally {
      this.placing.delete(order.clientOrderId);
    }
  }

  private async prepareAndPlace(order: ApprovedOrder): Promise<void> {
    const decidedMs = this.context.time.monotonicMs();
    const instrument = this.context.instrument(order.instrumentId);
    if (instrument === null)
      return this.refuse(order, { code: 'executor.instrument-unknown', detail: 'instrument is not known' });
    const ready =
      order.kind === 'exit' ? await this.prepareExit(order) : await this.prepareEntry(order, instrument);
    if (!ready) return;
    if (order.kind === 'entry' && !this.mayStillLeave(order, decidedMs)) return;
    const outcome = await this.send(order, instrument);
    this.afterPlacement(order, instrument, outcome);
  }

  private async prepareEntry(
    order: Extract<ApprovedOrder, { kind: 'entry' }>,
    instrument: Instrument,
  ): Promise<boolean> {
    const [fault, unsaved] = await Promise.all([
      entryFault(this.context.exchange, instrument, order),
      this.context.persisted().then(() => null, unsavedFault),
    ]);
    const refusal = fault ?? unsaved ?? journalFault(await this.context.journal.prepare(order));
    if (refusal !== null) this.refuse(order, refusal);
    return refusal === null;
  }

  private async prepareExit(order: ApprovedOrder): Promise<boolean> {
    const journaled = await this.context.journal.prepare(order);
    const lost = journaled === 'lease-lost' ? journalFault(journaled) : null;
    if (lost !== null) this.refuse(order, lost);
    else if (journaled !== 'durable')
      this.context.report(`Exit ${order.clientOrderId} goes out ahead of its journal row.`);
    return lost === null;
  }

  /** The last look before the first byte; the intent is in the journal by now. */
  private mayStillLeave({ clientOrderId, instrumentId }: ApprovedOrder, decidedMs: number): boolean {
    const ageMs = Math.round(this.context.time.monotonicMs() - decidedMs);
    const late = ageMs > ENTRY_AGE_MS_MAX;
    if (!this.stopped && !late) return true;
    const code = this.stopped ? 'executor.stopping' : 'executor.late';
    const detail = this.stopped ? 'the service is stopping' : `it was decided ${ageMs} ms ago`;
    this.settle({ clientOrderId, instrumentId }, { state: 'not-placed', code, detail });
    return false;
  }

  /** A call that fails instead of answering has told nothing about the order. */
  private async send(order: ApprovedOrder, instrument: Instrument): Promise<PlaceOutcome> {
    try {
      return await this.context.exchange.placeOrder(order, instrument);
    } catch (error) {
      return { kind: 'unknown', detail: `the placement failed: ${String(error)}` };
    }
  }

  private afterPlacement(order: ApprovedOrder, instrument: Instrument, outcome: PlaceOutcome): void {
    const { clientOrderId, instrumentId } = order;
    const subject = { clientOrderId, instrumentId };
    if (outcome.kind === 'accepted') {
      this.settle(subject, { state: 'accepted', code: '', detail: '' });
      this.context.requestSync('an order was accepted');
      return;
    }
    const { detail } = outcome;
    if (outcome.kind === 'rejected') this.settle(subject, { state: 'rejected', code: outcome.code, detail });
    else if (outcome.kind === 'not-sent')
      this.settle(subject, { state: 'not-placed', code: 'executor.not-sent', detail });
    else this.settle(subject, { state: 'unknown', code: 'executor.unknown', detail });
    if (outcome.kind !== 'unknown') return;
    // Signed at some time before now: the exchange's window has run out for certain when it has from now.
    this.lookups.start({ instrument, clientOrderId, sentMs: this.context.time.nowMs() });
  }

  /** An order still on its way is left alone: its own outcome comes first. */
  private async lookUp({ clientOrderId, instrumentId, taken }: LookUpOrder): Promise<void> {
    if (this.placing.has(clientOrderId)) return;
    const instrument = this.context.instrument(instrumentId);
    if (instrument === null) return;
    const reading = taken ? await this.context.exchange.findOrder(instrument, clientOrderId) : null;
    const order = reading?.kind === 'known' ? reading.value : null;
    if (order === null) this.resume({ instrument, clientOrderId });
    else this.onOrder(order);
    if (order !== null && order.status !== 'open') this.context.requestSync('an order rests no more');
  }

  private resolved(
    { instrument, clientOrderId }: { readonly instrument: Instrument; readonly clientOrderId: ClientOrderId },
    resolution: Resolution,
  ): void {
    if (resolution.kind === 'found') this.onOrder(resolution.order);
    else this.settle({ clientOrderId, instrumentId: instrument.id }, NEVER_PLACED);
    this.context.requestSync('an unclear order outcome was resolved');
  }

  private async cancel(decision: CancelOrder): Promise<void> {
    const instrument = this.context.instrument(decision.instrumentId);
    if (instrument === null) return;
    const outcome = await this.context.exchange.cancelOrder(instrument, decision.clientOrderId);
    if (outcome.kind !== 'done')
      this.context.report(`Cancel ${decision.clientOrderId}: ${describeChange(outcome)}`);
    this.context.requestSync('an order was cancelled');
  }

  /** Level-triggered: whatever the answer, the next reading of the account decides whether it is needed again. */
  private async amendStop(decision: AmendStop): Promise<void> {
    const instrument = this.context.instrument(decision.instrumentId);
    if (instrument === null || this.amending.has(decision.instrumentId)) return;
    this.amending.add(decision.instrumentId);
    const { direction, stopPrice, takeProfitPrice } = decision;
    try {
      const request = { instrument, direction, stopPrice, takeProfitPrice };
      const outcome = await this.context.exchange.setStop(request);
      if (outcome.kind !== 'done')
        this.context.report(`Stop of ${decision.instrumentId}: ${describeChange(outcome)}`);
    } finally {
      this.amending.delete(decision.instrumentId);
      this.context.requestSync('a stop was set');
    }
  }

  /** Nothing was journaled or sent: only the engine needs to know. */
  private refuse({ clientOrderId, instrumentId }: ApprovedOrder, fault: EntryFault): void {
    this.context.dispatch({
      kind: 'order-update',
      clientOrderId,
      instrumentId,
      state: 'not-placed',
      ...fault,
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
