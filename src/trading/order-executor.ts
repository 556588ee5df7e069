import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { type ApprovedOrder, type Order, parseClientOrderId } from '../core/domain/order.ts';
import { isTaken, type OrderState, orderMove } from '../core/domain/order-state.ts';
import type { SendableOrder } from '../core/domain/sendable-order.ts';
import type { AmendStop, CancelOrder, Decision, LookUpOrder } from '../core/engine/decision.ts';
import type { EngineEvent, OrderUpdate } from '../core/engine/event.ts';
import type { Exchange, PlaceOutcome } from '../exchange/exchange.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { IntentState } from '../store/intent-row.ts';
import {
  describeChange,
  type EntryFault,
  type EntryReadings,
  journalFault,
  readForEntry,
  unsavedFault,
} from './entry-fault.ts';
import type { IntentJournal } from './intent-journal.ts';
import type { OrderGate } from './order-gate.ts';
import type { Held } from './order-look.ts';
import { OrderLookups } from './order-lookups.ts';
import type { Resolution, UnresolvedOrder } from './order-resolver.ts';
import { StopSetter } from './stop-setter.ts';
import type { StepObserver, Unstamped } from './trading-loop.ts';

type Subject = Pick<OrderUpdate, 'clientOrderId' | 'instrumentId'>;
type Fate = Pick<OrderUpdate, 'state' | 'code' | 'detail' | 'filledQuantity' | 'refusal'>;

/** An entry that is not ready to be sent this long after its decision is not sent: its price and its slot are old. */
const ENTRY_AGE_MS_MAX = 5_000;
/** Ending waits no longer for calls under way; what they were about stays open in the journal. */
const STOP_WAIT_MS = 3_000;

const NEVER_PLACED: Fate = {
  state: 'not-placed',
  code: 'executor.not-placed',
  detail: 'The exchange never had the order: agreeing lookups after its validity had run out.',
};
/** Its executions prove it; how it stands its next word will tell. */
const EXISTS: Fate = { state: 'accepted', code: '', detail: 'The exchange has executions of the order.' };

/** What the executor needs from its surroundings. */
export interface ExecutorContext {
  readonly exchange: Exchange;
  readonly gate: Pick<OrderGate, 'admit'>;
  readonly journal: IntentJournal;
  readonly time: Time;
  readonly instrument: (id: InstrumentId) => Instrument | null;
  readonly dispatch: (event: Unstamped) => void;
  /** What our fills say is held on an instrument; null: nothing. */
  readonly held: (id: InstrumentId) => Held | null;
  /** Why no entry may leave whatever the engine decided, for a person; null: it may. Asked for every one of them. */
  readonly halted: () => string | null;
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
  /** Orders between their decision and the outcome of their placement, with the newest word on them. */
  private readonly placing = new Map<string, OrderState>();
  private readonly stops: StopSetter;
  private readonly inFlight = new Set<Promise<void>>();
  private stopped = false;

  constructor(context: ExecutorContext) {
    this.context = context;
    this.stops = new StopSetter(context);
    const { exchange, time, report, held, journal } = context;
    this.lookups = new OrderLookups({
      ...{ exchange, time, report, held },
      onLook: (clientOrderId, evidence) => journal.noteLook(clientOrderId, evidence),
      onResolved: (subject, resolution) => this.resolved(subject, resolution),
    });
  }

  onStep(_sequence: number, _event: EngineEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) this.carryOut(decision);
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

  /** Looks up an order whose outcome a previous run did not learn. */
  resume(unresolved: UnresolvedOrder): void {
    this.lookups.start(unresolved);
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

  /** How many orders may be at the exchange without our knowing: on their way, or looked up. */
  uncertainCount(): number {
    return this.placing.size + this.lookups.count();
  }

  private carryOut(decision: Decision): void {
    if (decision.kind === 'place-order') this.track(this.place(decision.order));
    else if (decision.kind === 'cancel-order') this.track(this.cancel(decision));
    else if (decision.kind === 'amend-stop') this.track(this.amendStop(decision));
    else if (decision.kind === 'look-up-order') this.track(this.lookUp(decision));
    else if (decision.kind === 'give-up-order') this.context.journal.noteGivenUp(decision);
    else if (decision.kind === 'request-snapshot') this.context.requestSync(decision.reason);
  }

  private track(work: Promise<void>): void {
    const guarded = work.catch((error: unknown) => this.context.report(`Executor: ${String(error)}`));
    this.inFlight.add(guarded);
    void guarded.finally(() => this.inFlight.delete(guarded));
  }

  private async place(order: ApprovedOrder): Promise<void> {
    this.placing.set(order.clientOrderId, 'prepared');
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
    const readings = order.kind === 'exit' ? null : await this.prepareEntry(order, instrument);
    const ready = order.kind === 'exit' ? await this.prepareExit(order) : readings !== null;
    if (!ready) return;
    const bar = (): EntryFault | null => (order.kind === 'entry' ? this.barOf(decidedMs) : null);
    const passage = this.context.gate.admit(order, { instrument, readings, bar });
    if (passage.kind === 'refused') return this.turnBack(order, passage.fault);
    const outcome = await this.send(passage.sendable, instrument);
    const late = outcome.kind === 'not-sent' ? (passage.turnedBackBy() ?? bar()) : null;
    if (late !== null) this.turnBack(order, late);
    else this.afterPlacement(order, instrument, outcome);
  }

  private async prepareEntry(
    order: Extract<ApprovedOrder, { kind: 'entry' }>,
    instrument: Instrument,
  ): Promise<EntryReadings | null> {
    const [read, unsaved] = await Promise.all([
      readForEntry(this.context.exchange, instrument, order),
      this.context.persisted().then(() => null, unsavedFault),
    ]);
    const fault = read.ok ? unsaved : read.error;
    const refusal = fault ?? journalFault(await this.context.journal.prepare(order));
    if (refusal !== null) this.refuse(order, refusal);
    return refusal === null && read.ok ? read.value : null;
  }

  private async prepareExit(order: ApprovedOrder): Promise<boolean> {
    const journaled = await this.context.journal.prepare(order);
    const lost = journaled === 'lease-lost' ? journalFault(journaled) : null;
    if (lost !== null) this.refuse(order, lost);
    else if (journaled !== 'durable')
      this.context.report(`Exit ${order.clientOrderId} goes out ahead of its journal row.`);
    return lost === null;
  }

  /** Why an entry must not leave now; null: it may. Asked last before its first byte. */
  private barOf(decidedMs: number): EntryFault | null {
    if (this.stopped) return { code: 'executor.stopping', detail: 'the service is stopping' };
    const halted = this.context.halted();
    if (halted !== null) return { code: 'executor.halted', detail: halted };
    const ageMs = Math.round(this.context.time.monotonicMs() - decidedMs);
    if (ageMs <= ENTRY_AGE_MS_MAX) return null;
    return { code: 'executor.late', detail: `it was decided ${ageMs} ms ago` };
  }

  /** Journaled by now, and not sent. */
  private turnBack({ clientOrderId, instrumentId }: ApprovedOrder, fault: EntryFault): void {
    this.settle({ clientOrderId, instrumentId }, { state: 'not-placed', ...fault });
  }

  /** A call that fails instead of answering has told nothing about the order. */
  private async send(sendable: SendableOrder, instrument: Instrument): Promise<PlaceOutcome> {
    this.placing.set(sendable.order.clientOrderId, 'sent');
    try {
      return await this.context.exchange.placeOrder(sendable, instrument);
    } catch (error) {
      return { kind: 'unknown', detail: `the placement failed: ${String(error)}`, validUntilMs: null };
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
    else this.beginLookup({ instrument, clientOrderId, validUntilMs: outcome.validUntilMs }, detail);
  }

  /** Nothing has to be found out of an order that was heard of while its placement was under way. */
  private beginLookup(unresolved: UnresolvedOrder, detail: string): void {
    const { instrument, clientOrderId, validUntilMs } = unresolved;
    const subject = { clientOrderId, instrumentId: instrument.id };
    if (!this.settle(subject, { state: 'unknown', code: 'executor.unknown', detail })) return;
    if (validUntilMs !== null) this.context.journal.noteValidity(clientOrderId, validUntilMs);
    this.lookups.start(unresolved);
  }

  /** An order still on its way is left alone: its own outcome comes first. */
  private async lookUp({ clientOrderId, instrumentId, taken }: LookUpOrder): Promise<void> {
    if (this.placing.has(clientOrderId)) return;
    const instrument = this.context.instrument(instrumentId);
    if (instrument === null) return;
    const reading = taken ? await this.context.exchange.findOrder(instrument, clientOrderId) : null;
    const order = reading?.kind === 'known' ? reading.value : null;
    if (order === null) this.resume({ instrument, clientOrderId, validUntilMs: null });
    else this.onOrder(order);
    if (order !== null && order.status !== 'open') this.context.requestSync('an order rests no more');
  }

  private resolved({ instrument, clientOrderId }: UnresolvedOrder, resolution: Resolution): void {
    const subject = { clientOrderId, instrumentId: instrument.id };
    if (resolution.kind === 'found') this.onOrder(resolution.order);
    else this.settle(subject, resolution.kind === 'filled' ? EXISTS : NEVER_PLACED);
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

  private async amendStop(decision: AmendStop): Promise<void> {
    const instrument = this.context.instrument(decision.instrumentId);
    if (instrument !== null) await this.stops.set(decision, instrument);
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

  /** False when more is known of an order whose placement is under way: the word is left. */
  private settle(subject: Subject, fate: Fate): boolean {
    const known = this.placing.get(subject.clientOrderId);
    if (known !== undefined) {
      if (!isTaken(orderMove(known, fate.state))) return false;
      this.placing.set(subject.clientOrderId, fate.state);
    }
    this.context.journal.settle(subject.clientOrderId, fate.state satisfies IntentState, fate.detail);
    this.context.dispatch({ kind: 'order-update', ...subject, ...fate });
    return true;
  }
}

/** Null for states that say nothing yet. */
function stateOf(order: Order): OrderUpdate['state'] | null {
  if (order.status === 'filled') return 'filled';
  if (order.status === 'rejected') return 'rejected';
  if (order.status === 'cancelled') return 'cancelled';
  return order.status === 'open' || order.status === 'partly-filled' ? 'accepted' : null;
}
