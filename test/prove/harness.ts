/** What one seed of a harness came to. */
export interface Verdict {
  /** How many units were really checked: kills, cuts, orders, hardships. */
  readonly checked: number;
  /** Each a sentence with what, where and how much; empty when all was as it must be. */
  readonly violations: readonly string[];
  /** Added up over seeds. */
  readonly counts: Readonly<Record<string, number>>;
  /** Measurements by name, milliseconds: shown as median, 99th percentile and maximum over all seeds. */
  readonly samplesMs: Readonly<Record<string, readonly number[]>>;
}

/** One seed's share of the work. */
export interface Assignment {
  readonly seed: number;
  /** Units wanted from this seed. */
  readonly count: number;
  /** For progress on a terminal. */
  readonly say: (line: string) => void;
}

/** What a seed has counted. */
export interface SeedCounts extends Pick<Verdict, 'checked' | 'counts'> {
  readonly seed: number;
}

/** A way to strike the product and to judge it by books that are not its own. */
export interface Harness {
  readonly name: string;
  readonly purpose: string;
  /** Plural of what is counted. */
  readonly unit: string;
  /** Units of a whole proof, of a smoke, and of one seed. */
  readonly full: number;
  readonly smoke: number;
  readonly perSeed: number;
  /** How many seeds run side by side; one where left out: what measures times needs the machine for itself. */
  readonly atOnce?: number;
  /** Rejects when it could not be carried out: that is a failed seed too. */
  run(assignment: Assignment): Promise<Verdict>;
  /** What only all seeds together show: a sentence for each thing that is not as it must be. */
  readonly overall?: (done: readonly SeedCounts[]) => readonly string[];
}

/** Counts and samples of a run, gathered on the way. */
export class Tally {
  readonly violations: string[] = [];
  private readonly counted = new Map<string, number>();
  private readonly measured = new Map<string, number[]>();
  checked = 0;

  count(name: string, by = 1): void {
    this.counted.set(name, (this.counted.get(name) ?? 0) + by);
  }

  measure(name: string, ms: number): void {
    const samples = this.measured.get(name) ?? [];
    samples.push(Math.round(ms));
    this.measured.set(name, samples);
  }

  verdict(): Verdict {
    return {
      checked: this.checked,
      violations: this.violations,
      counts: Object.fromEntries(this.counted),
      samplesMs: Object.fromEntries(this.measured),
    };
  }
}
