/**
 * The yardstick: nothing but the arithmetic over typed arrays, as fast as it was found to go in JavaScript.
 * No check, no class, no family; it knows nothing of the code under measurement.
 */

/** Wilder's RSI without a branch in the recurrence. */
export function bareRsi(closes: Float64Array, length: number, output: Float64Array): void {
  const keep = (length - 1) / length;
  let close = closes[0]!;
  let moved = 0;
  let drift = 0;
  for (let row = 0; row <= length; row += 1) {
    const next = closes[row]!;
    const change = next - close;
    close = next;
    moved += Math.abs(change);
    drift += change;
    output[row] = Number.NaN;
  }
  output[length] = 50 + 50 * (drift / moved);
  for (let row = length + 1; row < closes.length; row += 1) {
    const next = closes[row]!;
    const change = next - close;
    close = next;
    moved = moved * keep + Math.abs(change);
    drift = drift * keep + change;
    output[row] = 50 + 50 * (drift / moved);
  }
}

/** EMA seeded with the plain mean. */
export function bareEma(values: Float64Array, length: number, output: Float64Array): void {
  const weight = 2 / (length + 1);
  const keep = 1 - weight;
  let level = 0;
  for (let row = 0; row < length; row += 1) {
    level += values[row]!;
    output[row] = Number.NaN;
  }
  level /= length;
  output[length - 1] = level;
  for (let row = length; row < values.length; row += 1) {
    level = level * keep + values[row]! * weight;
    output[row] = level;
  }
}
