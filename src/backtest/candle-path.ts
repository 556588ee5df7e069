import { rng, seedOf } from '../core/base/rng.ts';
import type { Candle } from '../core/domain/candle.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Direction } from '../core/domain/order.ts';
import type { BacktestOptions } from './options.ts';

/** A candle whose prices are walked, and for whom. */
export interface Walk {
  readonly instrumentId: InstrumentId;
  readonly candle: Candle;
  /** Of the position that lives through it. */
  readonly direction: Direction;
}

/** Prices after the open that a candle is walked through: one extreme, the other, the close. */
export type Turns = readonly [number, number, number];

/** A recorded candle does not tell which extreme came first; the options do. */
export function turnsOf(walk: Walk, options: Pick<BacktestOptions, 'path' | 'seed'>): Turns {
  const { high, low, close } = walk.candle;
  return isLowFirst(walk, options) ? [low, high, close] : [high, low, close];
}

function isLowFirst(
  { instrumentId, candle, direction }: Walk,
  { path, seed }: Pick<BacktestOptions, 'path' | 'seed'>,
): boolean {
  if (path === 'seeded') return rng(seedOf(seed, instrumentId, candle.openTimeMs)).next() < 0.5;
  return (path === 'adverse-first') === (direction === 'long');
}

/** Most looks of the exit rules on one way: a crash of a coin is walked in larger steps. */
const STEPS_MAX = 64;

/** In how many steps a way is walked so that none is longer than `stepPct` percent, up to a bound. */
export function stepsBetween(from: number, to: number, stepPct: number): number {
  const steps = Math.ceil((Math.abs(to - from) / from) * (100 / stepPct));
  return Math.min(STEPS_MAX, Math.max(1, steps));
}
