/**
 * What every indicator promises, checked by `indicator-contract.ts`. State is constant in size: an update
 * costs the same on candle 20 and candle 20,000. Nothing is rounded inside.
 *
 * `Input` is what one closed candle contributes, `State` is plain JSON. An input that is not finite is a
 * broken program and stops.
 */
export interface Indicator<Input, Output, State> {
  /** Inputs taken when the first value comes out. */
  readonly warmUpLength: number;
  /** Value after the newest input; null in warm-up. */
  readonly value: Output | null;
  /** Takes the next closed candle's input and returns the new value; null in warm-up. */
  update(input: Input): Output | null;
  /** What `update(input)` would return, for a candle that is still open. Changes nothing. */
  peek(input: Input): Output | null;
  /** Everything that `restore` needs to go on bit-equal. */
  snapshot(): State;
  /** Takes over a snapshot of an indicator with the same lengths; stops on another one. */
  restore(state: State): void;
}

/** One column in, one column out, same number of rows: row i holds the value after input i, NaN in warm-up. */
export interface ColumnRun {
  readonly input: Float64Array;
  readonly length: number;
  readonly output: Float64Array;
}
