import type { Stage, StageOptions } from './stage.ts';

/** Programs nobody here wrote, and `wire`: requests and answers as the protocol's documents write them out. */
export type CardClient = 'ccxt' | 'ccxt pro' | 'bybit-api' | 'bybit-api streams' | 'tardis-dev' | 'wire';

/** One numbered proof: what a client of the real exchange relies on, played against the venue. */
export interface Card {
  /** Never given twice and never given again: documents and reports name cards by it. */
  readonly number: number;
  readonly client: CardClient;
  /** The row of the capability matrix it belongs to. */
  readonly capability: string;
  /** A fact, in the present tense. */
  readonly title: string;
  /** What the venue has to be like, where that is not the usual. */
  readonly stage?: StageOptions;
  readonly play: (stage: Stage) => Promise<void>;
}
