import { rng, seedOf } from '../src/core/base/rng.ts';

/** Instruments on the reference exchange, and one year of 6-hour candles. */
export const INSTRUMENTS = 583;
export const CANDLES_OF_YEAR = 1460;

/** Random walks of closes, one an instrument, the same on every machine. Prices from 0.001 to 100,000. */
export function syntheticCloses(instruments: number, candles: number): Float64Array[] {
  return Array.from({ length: instruments }, (_, instrument) => {
    const dice = rng(seedOf('bench', instrument));
    let close = 10 ** (dice.integer(9) - 3);
    return Float64Array.from({ length: candles }, () => {
      close *= Math.exp(dice.normal() * 0.012);
      return close;
    });
  });
}

/** The same closes in order of time, all instruments of a time together. */
export function byTime(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const closes = new Float64Array(rows * columns.length);
  for (const [instrument, column] of columns.entries()) {
    for (const [row, close] of column.entries()) closes[row * columns.length + instrument] = close;
  }
  return closes;
}
