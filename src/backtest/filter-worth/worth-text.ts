import type { Interval } from '../../core/statistic/block-bootstrap.ts';
import { walkedLine } from '../summary-text.ts';
import { percent, signed, table, whole } from '../text-table.ts';
import type { FilterWorth, FilterWorthResult, SoloWorth, WorthVerdict } from './result.ts';

const VERDICTS: Readonly<Record<WorthVerdict, string>> = {
  saves: 'saves',
  costs: 'costs',
  unclear: 'unclear',
  'not-enough-data': 'not enough data',
};
const SOLO_HEAD = ['signals', 'traded', 'won', 'saved', 'a trade', 'interval'];

const ADDED_HEAD = ['entered', 'no room', 'kept out', 'better', 'saved', 'a trade', 'interval'];

/** A result as a person reads it, line by line. */
export function worthText(result: FilterWorthResult): readonly string[] {
  const { filters, worth, trades, pnlUsdt, blocked, silent } = result;
  const judged = filters.filter(({ verdict }) => verdict !== 'not-enough-data').length;
  const byChance = judged * (1 - worth.confidencePct / 100);
  return [
    walkedLine(result),
    `${whole(trades)} trades made ${signed(pnlUsdt)} USDT; ${whole(blocked)} entry signals were blocked. Money is USDT, + was saved by the filter.`,
    '',
    ...table(['blocked alone', ...SOLO_HEAD, 'verdict'], filters.map(aloneRow)),
    '',
    ...table(['blocked with others', ...SOLO_HEAD], filters.filter(isShared).map(sharedRow)),
    '',
    ...table(['added one by one', ...ADDED_HEAD], filters.filter(isAdded).map(addedRow)),
    '',
    ...table(
      ['whole walk without', 'trades', 'made', 'saved', 'interval'],
      filters.flatMap((filter) => portfolioRows(filter)),
    ),
    '',
    `${judged} of ${filters.length} filters had enough data, ${worth.tradesMin} trades over ten blocks of time; chance alone calls about ${byChance.toFixed(1)} of them saving or costing.`,
    `Blocked nothing: ${silent.length === 0 ? 'none' : silent.join(', ')}.`,
  ];
}

function aloneRow({ filter, alone, verdict }: FilterWorth): readonly string[] {
  return [filter, ...soloCells(alone), VERDICTS[verdict]];
}

function isShared({ shared }: FilterWorth): boolean {
  return shared.candidates > 0;
}

function sharedRow({ filter, shared }: FilterWorth): readonly string[] {
  return [filter, ...soloCells(shared)];
}

function isAdded({ added }: FilterWorth): boolean {
  return added.entered + added.noRoom > 0;
}

function addedRow({ filter, added }: FilterWorth): readonly string[] {
  const { entered, noRoom, displaced, winRatePct, totalSavedUsdt, meanSavedUsdt, interval } = added;
  return [
    filter,
    whole(entered),
    whole(noRoom),
    whole(displaced),
    entered === 0 ? '-' : percent(winRatePct),
    signed(totalSavedUsdt),
    meanSavedUsdt === null ? '-' : mean(meanSavedUsdt),
    interval === null ? '-' : between(interval, mean),
  ];
}

function soloCells(solo: SoloWorth): readonly string[] {
  const { candidates, trades, winRatePct, totalSavedUsdt, meanSavedUsdt, interval } = solo;
  return [
    whole(candidates),
    whole(trades),
    trades === 0 ? '-' : percent(winRatePct),
    signed(totalSavedUsdt),
    meanSavedUsdt === null ? '-' : mean(meanSavedUsdt),
    interval === null ? '-' : between(interval, mean),
  ];
}

function portfolioRows({ filter, portfolio }: FilterWorth): readonly (readonly string[])[] {
  if (portfolio === null) return [];
  const { tradesWithout, pnlWithoutUsdt, savedUsdt, interval } = portfolio;
  const range = interval === null ? '-' : between(interval, signed);
  return [[filter, whole(tradesWithout), signed(pnlWithoutUsdt), signed(savedUsdt), range]];
}

function between({ low, high }: Interval, text: (value: number) => string): string {
  return `${text(low)} .. ${text(high)}`;
}

/** A mean of small sums: one decimal more. */
function mean(value: number): string {
  return `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
}
