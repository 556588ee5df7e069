import type { Direction } from '../domain/order.ts';

/** The level of an instrument that its RSI is nearer to. */
export interface NearerLevel {
  readonly direction: Direction;
  /** RSI points. */
  readonly level: number;
  /** RSI points to the level; zero or less at a signal, the deeper the less. */
  readonly distance: number;
}

/** Which entry is nearer; of two equally near ones the long. */
export function nearerLevel(
  rsi: number,
  { rsiLongMax, rsiShortMin }: { readonly rsiLongMax: number; readonly rsiShortMin: number },
): NearerLevel {
  const long = rsi - rsiLongMax;
  const short = rsiShortMin - rsi;
  return long <= short
    ? { direction: 'long', level: rsiLongMax, distance: long }
    : { direction: 'short', level: rsiShortMin, distance: short };
}
