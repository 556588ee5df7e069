import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { RecordedStretch } from '../../core/engine/recorded-stretch.ts';
import {
  type CloseParts,
  type CloseWalk,
  endClose,
  lookAgain,
  readAtClose,
  tickAtClose,
} from '../close-walk.ts';
import type { Moment, PriceWalk } from '../price-walk.ts';
import { rankedGroups } from './ranked-groups.ts';
import type { SignalSchedule, Signals } from './signal-schedule.ts';

const DAY_MS = 86_400_000;

/** How a walk is screened. */
export interface ScreenedParts extends CloseParts {
  readonly prices: PriceWalk;
  readonly schedule: SignalSchedule;
  /** False leaves out looks at signals for which no slot is free: they come to nothing but a count. */
  readonly looks: boolean;
  /** True when a ticker may tell a funding rate: then every one is shown, for the first changes what filters know. */
  readonly funded: boolean;
}

/**
 * Shows the engine the candles on which something can be decided: those of what is held or on its way, and those at an
 * extreme. The ones before them come with them in one go.
 */
export class ScreenedClose implements CloseWalk {
  private readonly parts: ScreenedParts;
  private shown = 0;
  /** The last close, ms UTC. */
  private closedMs = Number.NaN;

  constructor(parts: ScreenedParts) {
    this.parts = parts;
    parts.walk.tally.candles = parts.schedule.candles;
  }

  /** Candles the engine was asked nothing about. */
  get skipped(): number {
    return this.parts.schedule.candles - this.shown;
  }

  close(closeMs: number): void {
    const { walk, schedule, looks, engine } = this.parts;
    walk.beginClose(closeMs);
    this.closedMs = closeMs;
    const signals = schedule.at(closeMs);
    const { ids } = signals;
    const active = walk.concerned();
    this.showHeld(active, ids);
    const enters = signals.able.length > 0 && !engine.slotsTaken;
    if (enters || !this.isCalm(closeMs)) readAtClose(walk, closeMs, ids.length > 0);
    if (looks) this.look(unheld(ids, active), closeMs);
    else this.enterOnly(signals, enters ? active : null);
    endClose(walk, closeMs);
  }

  /** What is held or on its way gets every candle; one that signals gets its ticker, too. */
  private showHeld(active: readonly InstrumentId[], signalling: readonly InstrumentId[]): void {
    const { looks } = this.parts;
    for (const id of active.toSorted()) this.advance(id, this.closedMs, looks ? 'all' : 'position');
    for (const id of active) if (signalling.includes(id)) tickAtClose(this.parts, id, this.closedMs);
  }

  /** Slots are filled, null for `active` when none can be; nobody counts what else was signalled. */
  private enterOnly(signals: Signals, active: readonly InstrumentId[] | null): void {
    const { funded } = this.parts;
    const closeMs = this.closedMs;
    if (active !== null) this.fillSlots(signals, new Set(active), (group) => this.look(group, closeMs));
    if (funded) for (const id of unheld(signals.ids, active ?? [])) tickAtClose(this.parts, id, closeMs);
  }

  again(moment: Moment): void {
    const { walk, looks, engine, schedule } = this.parts;
    const signals = schedule.at(this.closedMs);
    const taken = walk.takenSinceClose();
    const free = signals.ids.filter((id) => !taken.has(id));
    const enters = !engine.slotsTaken && signals.able.length > 0;
    if (free.length === 0 || !(looks || enters)) return;
    walk.read();
    if (looks) lookAgain(this.parts, free, moment);
    else
      this.fillSlots(signals, taken, (group) => {
        for (const id of group) this.advance(id, this.closedMs, 'nothing');
        lookAgain(this.parts, group, moment);
      });
    walk.tally.looksEnded();
  }

  /** Auto Bot looks at these in one pass. */
  private look(among: readonly InstrumentId[], closeMs: number): void {
    if (among.length === 0) return;
    const { walk } = this.parts;
    for (const id of among) {
      this.advance(id, closeMs, 'nothing');
      tickAtClose(this.parts, id, closeMs);
    }
    walk.step({ kind: 'timer', timeMs: walk.exchange.nowMs, name: 'entry-pass', among });
  }

  /** The same, a few at a time in the order they rank, until no slot is free: those behind would find none. */
  private fillSlots(
    signals: Signals,
    taken: ReadonlySet<string>,
    look: (group: readonly InstrumentId[]) => void,
  ): void {
    const { engine } = this.parts;
    for (const group of rankedGroups(signals, taken, engine.settings().filter.whitelist)) {
      if (engine.slotsTaken) return;
      look(group);
    }
  }

  private advance(instrumentId: InstrumentId, timeMs: number, judged: RecordedStretch['judged']): void {
    const { walk, live } = this.parts;
    const instrument = live.find(instrumentId);
    const row = instrument?.decidedRowBy(timeMs) ?? null;
    if (instrument === undefined || row === null) return;
    this.shown += 1;
    walk.advance({ timeMs, instrumentId, columns: instrument.past.decided, end: row + 1, judged });
  }

  /**
   * True when a reading of the account would tell nobody anything: nothing of ours is on its way or in doubt, no price
   * since the last candle could have moved it, and the day's beginning has been read.
   */
  private isCalm(closeMs: number): boolean {
    const { walk, prices } = this.parts;
    return walk.isAtRest && prices.quietUntilMs >= closeMs && dayOf(walk.readMs) === dayOf(closeMs + 1);
  }
}

function unheld(ids: readonly InstrumentId[], active: readonly InstrumentId[]): readonly InstrumentId[] {
  return active.length === 0 ? ids : ids.filter((id) => !active.includes(id));
}

function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}
