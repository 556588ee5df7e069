import type { InstrumentId } from '../../core/domain/instrument.ts';

/** A course all prices of an instrument are multiplied by: away, held there, and some of the way back. */
export interface PriceBend {
  /** Null for every instrument. */
  readonly instrumentId: InstrumentId | null;
  readonly startMs: number;
  /** -30 takes prices down by 30 %. */
  readonly pct: number;
  readonly overMs: number;
  readonly holdMs: number;
  readonly backMs: number;
  /** Share of the way that is taken back: 1 = all of it. */
  readonly backShare: number;
}

/** All bends there ever were: the past must look the same whenever it is asked for. */
export class PriceBends {
  private readonly bends: PriceBend[] = [];

  add(bend: PriceBend): void {
    this.bends.push(bend);
  }

  get isEmpty(): boolean {
    return this.bends.length === 0;
  }

  /** What prices of the instrument are multiplied by at a time. */
  factorAt(instrumentId: InstrumentId, timeMs: number): number {
    let factor = 1;
    for (const bend of this.bends) if (isAbout(bend, instrumentId)) factor *= factorOf(bend, timeMs);
    return factor;
  }

  /** True when the factor is not the same over the whole span. */
  movesWithin(instrumentId: InstrumentId, fromMs: number, toMs: number): boolean {
    return this.bends.some(
      (bend) => isAbout(bend, instrumentId) && bend.startMs < toMs && endMs(bend) > fromMs,
    );
  }

  /** True while any instrument's factor changes. */
  movesAt(timeMs: number): boolean {
    return this.bends.some((bend) => bend.startMs <= timeMs && timeMs <= endMs(bend) + 2000);
  }
}

function isAbout(bend: PriceBend, instrumentId: InstrumentId): boolean {
  return bend.instrumentId === null || bend.instrumentId === instrumentId;
}

function endMs({ startMs, overMs, holdMs, backMs }: PriceBend): number {
  return startMs + overMs + holdMs + backMs;
}

function factorOf(bend: PriceBend, timeMs: number): number {
  const { startMs, overMs, holdMs, backMs, backShare } = bend;
  const away = bend.pct / 100;
  const sinceMs = timeMs - startMs;
  if (sinceMs <= 0) return 1;
  if (sinceMs < overMs) return 1 + (away * sinceMs) / overMs;
  const returning = Math.max(0, sinceMs - overMs - holdMs);
  const returned = backMs === 0 ? Number(returning > 0) : Math.min(1, returning / backMs);
  return 1 + away * (1 - returned * backShare);
}
