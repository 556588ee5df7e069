/** The trailing stop once it is active, prices in quote currency. */
export interface TrailingMemory {
  /** Best price since activation. */
  readonly referencePrice: number;
  readonly stopPrice: number;
  /** The nearer level, kept here only: on this side of the price an exchange takes no take-profit. */
  readonly takePrice: number;
}

/** What guarding remembers of a position from one price to the next. Plain JSON. */
export interface GuardMemory {
  /** Best profit seen, % of the entry price; 0 before the first. */
  readonly bestProfitPct: number;
  /** Where break-even holds the stop; null until its trigger was reached. Never taken back. */
  readonly breakEvenPrice: number | null;
  /** Null until its activation was reached. Never taken back. */
  readonly trailing: TrailingMemory | null;
  /** `profitPct` of the partial take-profits that are done with, filled or skipped. */
  readonly partialsDone: readonly number[];
  /** An RSI exit at a loss was put off until the position is back at a profit. Never taken back. */
  readonly rsiExitWaiting: boolean;
}

/** Of a position no price has been seen for. */
export const EMPTY_GUARD_MEMORY: GuardMemory = {
  bestProfitPct: 0,
  breakEvenPrice: null,
  trailing: null,
  partialsDone: [],
  rsiExitWaiting: false,
};
