import { type Decimal, decimal } from '../../core/base/decimal.ts';

/**
 * The even grid of an instrument's prices (ticks) or quantities (steps): value = count x unit / scale. Both
 * factors are whole, so the division gives the number nearest to the decimal text and no error adds up.
 */
export interface Grid {
  readonly unit: number;
  readonly scale: number;
}

/** The grid whose spacing is `step`. */
export function gridOf(step: Decimal): Grid {
  const scale = 10 ** step.decimalPlaces();
  return { unit: step.times(decimal(scale)).toNumber(), scale };
}

/** The value of a whole `count` of steps. */
export function gridValue(grid: Grid, count: number): number {
  return (count * grid.unit) / grid.scale;
}

/** The count of steps nearest to `value`. */
export function gridCount(grid: Grid, value: number): number {
  return Math.round((value * grid.scale) / grid.unit);
}

/** The largest count of steps whose value is not above `value`: exactly, whatever the division leaves behind. */
export function gridCountBelow(grid: Grid, value: number): number {
  const near = gridCount(grid, value);
  return gridValue(grid, near) > value ? near - 1 : near;
}
