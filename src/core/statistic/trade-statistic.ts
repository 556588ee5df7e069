/** What a list of finished round trips adds up to. Money in quote currency, after fees. */
export interface TradeStatistic {
  readonly count: number;
  readonly wins: number;
  readonly losses: number;
  /** Share of round trips that won, %; null without one. */
  readonly winRatePct: number | null;
  readonly pnl: number;
  /** Sum of the winners. */
  readonly grossProfit: number;
  /** Sum of the losers, as a positive number. */
  readonly grossLoss: number;
  /** `grossProfit / grossLoss`; null while nothing was lost, for then there is nothing to compare with. */
  readonly profitFactor: number | null;
  /** Mean result of one round trip; null without one. */
  readonly expectancy: number | null;
  readonly meanWin: number | null;
  /** Mean of the losers, as a positive number; null without one. */
  readonly meanLoss: number | null;
  /** Most losers in a row. */
  readonly lossesInARowMax: number;
}

/** Adds up results in the order in which they came. A result of exactly zero neither wins nor loses. */
export function tradeStatistic(pnls: readonly number[]): TradeStatistic {
  const [won, lost] = [pnls.filter((pnl) => pnl > 0), pnls.filter((pnl) => pnl < 0)];
  const [grossProfit, grossLoss] = [sum(won), 0 - sum(lost)];
  const pnl = sum(pnls);
  return {
    count: pnls.length,
    wins: won.length,
    losses: lost.length,
    winRatePct: ratio(won.length * 100, pnls.length),
    pnl,
    grossProfit,
    grossLoss,
    profitFactor: ratio(grossProfit, grossLoss),
    expectancy: ratio(pnl, pnls.length),
    meanWin: ratio(grossProfit, won.length),
    meanLoss: ratio(grossLoss, lost.length),
    lossesInARowMax: longestRun(pnls),
  };
}

function longestRun(pnls: readonly number[]): number {
  let [run, longest] = [0, 0];
  for (const pnl of pnls) {
    run = pnl < 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
