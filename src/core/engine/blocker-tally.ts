import type { InstrumentAtClose } from './close-record.ts';

/** A look is one instrument at one close. */
export interface BlockerCounts {
  readonly closes: number;
  readonly looks: number;
  /** Looks with an entry signal. */
  readonly signals: number;
  /** Looks by what came of them. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Those that met most entry signals first. */
  readonly blockers: readonly BlockerCount[];
}

/** How often one code stood in the way. */
interface BlockerCount {
  readonly code: string;
  readonly looks: number;
  /** Looks with an entry signal. */
  readonly signals: number;
  /** Looks with an entry signal that nothing else stood against. */
  readonly alone: number;
}

/** What is counted of a look. */
type Look = Pick<InstrumentAtClose, 'signal' | 'outcome' | 'blockers'>;

/** Looks that are alike in what is counted; once where nothing is said. */
export interface CountedLook extends Look {
  readonly times?: number;
}

/** Adds up what stood in the way of entries, look by look. */
export class BlockerTally {
  private closes = 0;
  private looks = 0;
  private signals = 0;
  private readonly outcomes = new Map<string, number>();
  private readonly blockers = new Map<string, { looks: number; signals: number; alone: number }>();

  addClose(looks: readonly CountedLook[]): void {
    this.closes += 1;
    for (const look of looks) this.addLook(look);
  }

  counts(): BlockerCounts {
    const blockers: BlockerCount[] = [...this.blockers].map(([code, counted]) => ({ code, ...counted }));
    blockers.sort((a, b) => b.signals - a.signals || b.looks - a.looks || (a.code < b.code ? -1 : 1));
    return {
      closes: this.closes,
      looks: this.looks,
      signals: this.signals,
      outcomes: Object.fromEntries([...this.outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
      blockers,
    };
  }

  private addLook({ signal, outcome, blockers, times = 1 }: CountedLook): void {
    const isSignal = signal !== 'wait';
    this.looks += times;
    if (isSignal) this.signals += times;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + times);
    for (const code of blockers) {
      const counted = this.blockers.get(code) ?? { looks: 0, signals: 0, alone: 0 };
      counted.looks += times;
      if (isSignal) counted.signals += times;
      if (isSignal && blockers.length === 1) counted.alone += times;
      this.blockers.set(code, counted);
    }
  }
}
