import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { ApprovedOrder } from '../../core/domain/order.ts';
import type { Time } from '../../platform/time.ts';
import type { PlaceOutcome } from '../exchange.ts';

/** An instrument that takes no order at all: settling, paused, not live, before its market opens. */
const CLOSED_CODES: ReadonlySet<string> = new Set([
  ...['110063', '110066', '110074', '110095', '110096', '110097', '110098', '110099', '110100', '110101'],
  ...['110102', '110103'],
]);
/** One that still takes what reduces. */
const REDUCE_ONLY_CODES: ReadonlySet<string> = new Set(['110023', '110042']);

/** A market that stands still is tried again after this, with one order. */
const PROBE_MS = 30_000;
/** So many instruments that stand still at a time are the exchange that does. */
const EXCHANGE_HALTED_AT = 3;

interface Standstill {
  readonly code: string;
  /** Until when no entry goes out. */
  readonly untilMs: number;
  /** Until when no exit does; null: none was refused. */
  readonly exitUntilMs: number | null;
}

/**
 * Markets that stand still, by what the exchange refuses orders with: until half a minute later none goes out there, then
 * one that finds out. An exit waits only for what an exit was refused with. Where several stand still the exchange does:
 * entries wait everywhere, and one in half a minute finds out.
 */
export class HaltedMarkets {
  private readonly time: Time;
  private readonly still = new Map<InstrumentId, Standstill>();
  private haltedUntilMs: number | null = null;

  constructor(time: Time) {
    this.time = time;
  }

  /** Why an order must not go out now, for a person; null: it may, and if it is to find out it is the only one. */
  bar({ kind, instrumentId }: Pick<ApprovedOrder, 'kind' | 'instrumentId'>): string | null {
    const nowMs = this.time.monotonicMs();
    const standstill = this.still.get(instrumentId);
    const untilMs = kind === 'entry' ? standstill?.untilMs : standstill?.exitUntilMs;
    if (standstill !== undefined && typeof untilMs === 'number') {
      if (nowMs < untilMs) return `${instrumentId} stands still (${standstill.code})`;
      this.keep(instrumentId, standstill, { kind, untilMs: nowMs + PROBE_MS });
    }
    if (kind === 'exit' || this.haltedUntilMs === null) return null;
    if (nowMs < this.haltedUntilMs) return 'the exchange takes no orders';
    this.haltedUntilMs = nowMs + PROBE_MS;
    return null;
  }

  /** What became of an order that was let through. */
  note(order: Pick<ApprovedOrder, 'kind' | 'instrumentId'>, outcome: PlaceOutcome): void {
    if (outcome.kind === 'accepted') this.noteTaken(order);
    else if (outcome.kind === 'not-sent') this.noteUnsent(order);
    else if (outcome.kind === 'rejected') this.noteRefused(order, outcome.code);
  }

  private noteTaken({ kind, instrumentId }: Pick<ApprovedOrder, 'kind' | 'instrumentId'>): void {
    if (kind === 'entry' || CLOSED_CODES.has(this.still.get(instrumentId)?.code ?? ''))
      this.still.delete(instrumentId);
    if (kind === 'entry' || this.count() < EXCHANGE_HALTED_AT) this.haltedUntilMs = null;
  }

  /** It has found out nothing: the next one does. */
  private noteUnsent({ kind, instrumentId }: Pick<ApprovedOrder, 'kind' | 'instrumentId'>): void {
    const nowMs = this.time.monotonicMs();
    const standstill = this.still.get(instrumentId);
    if (standstill !== undefined && (kind === 'entry' || standstill.exitUntilMs !== null))
      this.keep(instrumentId, standstill, { kind, untilMs: nowMs });
    if (kind === 'entry' && this.haltedUntilMs !== null) this.haltedUntilMs = nowMs;
  }

  private noteRefused(
    { kind, instrumentId }: Pick<ApprovedOrder, 'kind' | 'instrumentId'>,
    code: string,
  ): void {
    const untilMs = this.time.monotonicMs() + PROBE_MS;
    const before = this.still.get(instrumentId);
    const isClosed = CLOSED_CODES.has(code);
    if (isClosed || REDUCE_ONLY_CODES.has(code)) {
      const exitUntilMs = kind === 'exit' && isClosed ? untilMs : (before?.exitUntilMs ?? null);
      this.still.set(instrumentId, { code, untilMs, exitUntilMs });
      if (this.count() >= EXCHANGE_HALTED_AT) this.haltedUntilMs = untilMs;
    } else if (kind === 'exit' && before !== undefined)
      this.still.set(instrumentId, { ...before, exitUntilMs: null });
  }

  private keep(
    instrumentId: InstrumentId,
    standstill: Standstill,
    { kind, untilMs }: { readonly kind: ApprovedOrder['kind']; readonly untilMs: number },
  ): void {
    const until = kind === 'entry' ? { untilMs } : { exitUntilMs: untilMs };
    this.still.set(instrumentId, { ...standstill, ...until });
  }

  /** Why no entry may leave on any instrument, a sentence; null: that is not so. */
  fault(): string | null {
    if (this.haltedUntilMs === null || this.time.monotonicMs() >= this.haltedUntilMs) return null;
    return `The exchange takes no orders on ${[...this.still.keys()].join(', ')}: entries wait, one in ${PROBE_MS / 1_000} s finds out. Exits are tried again.`;
  }

  /** Instruments that were refused lately: one that nobody has asked for since says nothing about now. */
  private count(): number {
    const nowMs = this.time.monotonicMs();
    for (const [id, { untilMs, exitUntilMs }] of this.still)
      if (nowMs >= Math.max(untilMs, exitUntilMs ?? 0) + PROBE_MS) this.still.delete(id);
    return this.still.size;
  }
}
