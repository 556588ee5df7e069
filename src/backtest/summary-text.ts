import type { BacktestResult, BacktestSummary, ExitCount, VetoCount } from './backtest-result.ts';
import { minuteOf, money, percent, signed, table, whole } from './text-table.ts';

/** Vetoes worth a line; the rest are in the JSON. */
const VETOES_SHOWN = 20;

/** A result as a person reads it, line by line. */
export function summaryText(result: BacktestResult): readonly string[] {
  const { summary, exits, vetoes, outcomes, refusals } = result;
  return [
    walkedLine(result),
    '',
    ...facts(summary),
    '',
    ...table(['exit', 'trades', 'won', 'USDT'], exits.map(exitRow)),
    '',
    ...table(
      ['what came of a signal', 'looks'],
      Object.entries(outcomes).map(([name, n]) => [name, whole(n)]),
    ),
    ...(Object.keys(refusals).length === 0 ? [] : ['', ...refusalTable(refusals)]),
    '',
    ...table(['what stood in the way', 'looks', 'alone'], vetoes.slice(0, VETOES_SHOWN).map(vetoRow)),
  ];
}

/** What was walked through, under which settings, in one line. */
export function walkedLine({
  market,
  settings,
  engineVersion,
}: Pick<BacktestResult, 'market' | 'settings' | 'engineVersion'>): string {
  const { files, recordedTimeframe, timeframe, candles, fromMs, toMs } = market;
  const inside = recordedTimeframe === timeframe ? '' : ` with prices of ${recordedTimeframe} inside`;
  return (
    `${files.length} instruments, ${whole(candles)} candles of ${timeframe}${inside}, ` +
    `${minuteOf(fromMs)} to ${minuteOf(toMs)} UTC, settings ${settings.sha256.slice(0, 12)}, engine ${engineVersion}`
  );
}

function facts(summary: BacktestSummary): readonly string[] {
  const { trades, drawdown } = summary;
  const result = signed(Number(summary.equityEnd) - Number(summary.equityStart));
  const parts =
    `gross ${signed(Number(summary.grossPnl))}, fees ${signed(-Number(summary.fees))}, ` +
    `funding ${signed(-Number(summary.funding))}, still open ${signed(Number(summary.openPnl))}`;
  const fell =
    drawdown === null
      ? 'none'
      : `${drawdown.pct.toFixed(2)} % (${drawdown.amount.toFixed(2)} USDT), ${minuteOf(drawdown.peakMs)} to ${minuteOf(drawdown.troughMs)}`;
  const lines = [
    ['result', `${result} USDT (${signed(summary.returnPct)} %): ${parts}`],
    [
      'trades',
      `${whole(trades.count)}, won ${percent(trades.winRatePct)}, most lost in a row ${trades.lossesInARowMax}`,
    ],
    [
      'profit factor',
      trades.profitFactor === null ? 'none: nothing was lost' : trades.profitFactor.toFixed(2),
    ],
    [
      'a trade',
      `${money(trades.expectancy)} USDT; a winner ${money(trades.meanWin)}, a loser ${money(trades.meanLoss)}`,
    ],
    ['max drawdown', fell],
    [
      'exposure',
      `${summary.exposurePct.toFixed(1)} % of the time, ${summary.positionsMean.toFixed(2)} positions on average`,
    ],
  ];
  return lines.map(([name = '', text = '']) => `${name.padEnd(15)}${text}`);
}

function exitRow({ reason, count, wins, pnl }: ExitCount): readonly string[] {
  return [reason, whole(count), whole(wins), signed(pnl)];
}

function vetoRow({ code, count, alone }: VetoCount): readonly string[] {
  return [code, whole(count), whole(alone)];
}

function refusalTable(refusals: Readonly<Record<string, number>>): readonly string[] {
  return table(
    ['refused by', 'looks'],
    Object.entries(refusals).map(([code, count]) => [code, whole(count)]),
  );
}
