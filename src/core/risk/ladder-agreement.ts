import type { EntrySettings, RungSettings } from './entry-settings.ts';

/** What a ladder must agree with. */
export interface LadderSurroundings {
  readonly entry: EntrySettings;
  readonly stopLossPct: number;
  /** RSI at or below which a long, at or above which a short is entered. */
  readonly rsiLongMax: number;
  readonly rsiShortMin: number;
}

/** What is wrong with a setting of the group `entry`. */
export interface LadderFault {
  readonly key: keyof EntrySettings;
  readonly message: string;
}

/**
 * What makes a ladder pointless before any order: a rung beyond the stop of the whole, which would never fill, and a
 * calm zone that does not hold the RSI an entry begins with, which would take the rest back at once.
 */
export function ladderFault(surroundings: LadderSurroundings): LadderFault | null {
  const { entry, rsiLongMax, rsiShortMin } = surroundings;
  if (entry.entryMethod === 'market') return null;
  const { rungsRsiLongMax, rungsRsiShortMin } = entry;
  if (rungsRsiLongMax <= rsiLongMax) {
    const message = `A long is entered at RSI ${rsiLongMax}, its ladder would end above ${rungsRsiLongMax}: it must be higher.`;
    return { key: 'rungsRsiLongMax', message };
  }
  if (rungsRsiShortMin >= rsiShortMin) {
    const message = `A short is entered at RSI ${rsiShortMin}, its ladder would end below ${rungsRsiShortMin}: it must be lower.`;
    return { key: 'rungsRsiShortMin', message };
  }
  return (
    beyondStop(entry.rungs, surroundings.stopLossPct, -1) ??
    beyondStop(entry.rungs, surroundings.stopLossPct, 1)
  );
}

/** The least value of a whole ladder, USDT, up to the cent, of which each rung is worth `orderMinUsdt`, before steps. */
export function ladderNotionalMin(rungs: readonly RungSettings[], orderMinUsdt: number): number {
  const weights = rungs.map(({ weight }) => weight);
  const parts = weights.reduce((sum, weight) => sum + weight, 0) / Math.min(...weights);
  return Math.ceil(Number((orderMinUsdt * parts * 100).toPrecision(12))) / 100;
}

/** `side` -1: a long, whose rungs lie below the price of the decision; 1: a short. */
function beyondStop(rungs: readonly RungSettings[], stopLossPct: number, side: 1 | -1): LadderFault | null {
  const last = rungs.at(-1);
  if (last === undefined) return null;
  const level = ({ offsetPct }: RungSettings): number => 1 + (side * offsetPct) / 100;
  const value = rungs.reduce((sum, { weight }) => sum + weight, 0);
  const units = rungs.reduce((sum, rung) => sum + rung.weight / level(rung), 0);
  const stop = (value / units) * (1 + (side * stopLossPct) / 100);
  if (side * (stop - level(last)) > 0) return null;
  const stopPct = (Math.abs(stop - 1) * 100).toFixed(2);
  const whose = side === -1 ? 'long' : 'short';
  const message = `The rung at ${last.offsetPct} % would never fill: the stop of a whole ${whose}, ${stopLossPct} % from its average, stands at ${stopPct} %.`;
  return { key: 'rungs', message };
}
