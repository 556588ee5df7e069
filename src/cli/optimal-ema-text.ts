import type { SearchedEma } from '../app/optimal-ema-command.ts';

const VERDICTS = { better: 'better', 'no-better': 'no better', 'not-enough': 'not enough data' } as const;
/** Share of coins that an interval of 95 % calls better by chance alone. */
const CHANCE_RATE = 0.025;

/** One line: the pair, the verdict and the means it rests on. */
export function lineOfSearch({ symbol, pair, verdict, evidence }: SearchedEma): string {
  const lengths = pair === null ? '-' : `${pair.shortLength}/${pair.longLength}`;
  const { outOfSample, baseline, defaultPair, gainInterval, candles } = evidence;
  const gain =
    gainInterval === null
      ? '-'
      : `${signed(evidence.gainPct)} [${signed(gainInterval.low)} .. ${signed(gainInterval.high)}]`;
  const parts = [
    symbol.padEnd(16),
    lengths.padEnd(8),
    VERDICTS[verdict].padEnd(16),
    `unseen ${meanOf(outOfSample)}`,
    `every signal ${meanOf(baseline)}`,
    `default ${meanOf(defaultPair)}`,
    `gain ${gain}`,
    `${candles} candles`,
  ];
  return parts.join('  ');
}

/** How many of what, and how many chance alone would give. */
export function summaryOfSearches(found: readonly SearchedEma[]): string {
  const better = found.filter(({ verdict }) => verdict === 'better').length;
  const judged = found.filter(({ verdict }) => verdict !== 'not-enough').length;
  return (
    `${found.length} searched, ${judged} with enough data, ${better} better than the default. ` +
    `Chance alone gives about ${(judged * CHANCE_RATE).toFixed(1)}. Means are a signal's return after costs, %.`
  );
}

function meanOf(summary: SearchedEma['evidence']['baseline']): string {
  const { meanReturnPct, signals } = summary;
  return `${meanReturnPct === null ? '-' : signed(meanReturnPct)} (${signals})`.padEnd(12);
}

function signed(value: number | null): string {
  if (value === null) return '-';
  return `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
}
