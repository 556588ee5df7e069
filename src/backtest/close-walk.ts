import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { LiveMarket } from './live-market.ts';
import type { PastWalk } from './past-walk.ts';
import type { Moment } from './price-walk.ts';

/** What closes a moment of candles. */
export interface CloseParts {
  readonly engine: Engine;
  readonly walk: PastWalk;
  readonly live: LiveMarket;
}

/** Candles close; what they signal is ranked, and free slots are taken. */
export interface CloseWalk {
  close(closeMs: number): void;
  /** A position has ended inside a candle: what the last close signalled may take its place. */
  again(moment: Moment): void;
}

/** Shows the engine every candle of every instrument. */
export class WholeClose implements CloseWalk {
  private readonly parts: CloseParts;
  /** Called in place of an entry pass; null where Auto Bot enters. */
  private readonly enter: ((closeMs: number) => void) | null;

  constructor(parts: CloseParts, enter: ((closeMs: number) => void) | null) {
    this.parts = parts;
    this.enter = enter;
  }

  close(closeMs: number): void {
    const { walk, engine, live } = this.parts;
    walk.beginClose(closeMs);
    for (const instrument of live.all) {
      const candle = instrument.decidedBy(closeMs);
      if (candle === null) continue;
      walk.tally.candles += 1;
      const {
        instrument: { id: instrumentId },
        decided: { timeframe },
      } = instrument.past;
      walk.step({ kind: 'candle-closed', timeMs: closeMs, instrumentId, timeframe, candle });
    }
    const signals = engine.entrySignals();
    for (const id of signals) tickAtClose(this.parts, id, closeMs);
    readAtClose(walk, closeMs, signals.length > 0);
    if (this.enter === null) walk.step({ kind: 'timer', timeMs: walk.exchange.nowMs, name: 'entry-pass' });
    else this.enter(closeMs);
    endClose(walk, closeMs);
  }

  again(moment: Moment): void {
    if (this.enter !== null) return;
    const { engine, walk } = this.parts;
    const taken = walk.takenSinceClose();
    const signals = engine.entrySignals().filter((id) => !taken.has(id));
    if (signals.length === 0) return;
    walk.read();
    lookAgain(this.parts, signals, moment);
    walk.tally.looksEnded();
  }
}

/** Auto Bot looks at signals of the last close at the prices of a moment. */
export function lookAgain(
  { walk, live }: CloseParts,
  among: readonly InstrumentId[],
  { priceOf }: Moment,
): void {
  const { exchange } = walk;
  for (const id of among) {
    const instrument = live.find(id);
    if (instrument === undefined) continue;
    const price = priceOf(id);
    exchange.quote(id, price);
    walk.step(instrument.tick(price, exchange.nowMs));
  }
  walk.step({ kind: 'timer', timeMs: exchange.nowMs, name: 'entry-pass', among });
}

/** A candidate's ticker: what ranks it, and what it is sized at. One whose record has ended has none. */
export function tickAtClose({ walk, live }: CloseParts, id: InstrumentId, closeMs: number): void {
  const instrument = live.find(id);
  const price = instrument?.closeAt(closeMs) ?? null;
  if (instrument !== undefined && price !== null) walk.step(instrument.tick(price, closeMs));
}

/** What is held is looked after, and the account is read where a signal may need it. */
export function readAtClose(walk: PastWalk, closeMs: number, signalled: boolean): void {
  if (walk.exchange.activeIds().length > 0) walk.step({ kind: 'timer', timeMs: closeMs, name: 'protect' });
  if (signalled) walk.read();
  else walk.answerReading();
}

export function endClose(walk: PastWalk, closeMs: number): void {
  const { exchange } = walk;
  walk.endClose();
  walk.tally.momentEnded(closeMs, { equity: exchange.equity(), positions: exchange.heldCount });
}
