/**
 * One page of figures. A bench file exports a `Bench`; `run.ts` lists them, prints the tables and, with
 * `--save`, writes them to `results/<name>.json` beside the machine and the date.
 */
export interface Bench {
  /** Kebab-case: `--only <name>` and the name of the result file. */
  readonly name: string;
  /** Prepares everything outside the clock, measures, and returns the figures; throws when it cannot. */
  run(options: BenchOptions): Promise<BenchTable>;
}

export interface BenchOptions {
  /** Tiny sizes: proves that the bench works, its figures mean nothing. */
  readonly smoke: boolean;
}

export interface BenchTable {
  /** What was measured, with its sizes, in a line. */
  readonly title: string;
  readonly rows: readonly BenchRow[];
  /** What a reader must know to judge the figures; may be empty. */
  readonly notes: readonly string[];
}

/** One contender's figure over all rounds. */
export interface BenchRow {
  readonly name: string;
  /** Of `median`, `min` and `max`: `ms`, `ns/tick`, `req/s`. */
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median of the ratios to the yardstick taken inside each round; null without a yardstick. */
  readonly ratio: number | null;
  /** The most `ratio` may be; null where nothing is promised. */
  readonly ratioMax: number | null;
}
