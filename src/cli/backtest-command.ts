import type { Command } from 'commander';
import { addPastOptions, type PastFlags, sayAnswer, wishOf } from './past-options.ts';

interface BacktestFlags extends PastFlags {
  readonly screening?: boolean;
  readonly tradesOnly?: boolean;
}

/** `infobot backtest`: recorded candles through the engine that trades. Nothing needs to run, nothing is sent. */
export function addBacktestCommand(program: Command): void {
  const command = program
    .command('backtest <folder>')
    .description('walk recorded candles (a folder of SYMBOL.csv.gz) through the engine that trades');
  addPastOptions(command)
    .option('--no-screening', 'show the engine every candle; the outcome is the same, and takes longer')
    .option('--trades-only', 'leave out counts of signals that found no free slot; several times as fast')
    .addHelpText(
      'after',
      '\nExamples:\n  infobot backtest candles/1h --timeframe 6h --from 2025-01-01\n  infobot backtest candles/1h --symbols BTCUSDT --json',
    )
    .action(async (folder: string, flags: BacktestFlags) => {
      const { backtestCommand } = await import('../app/backtest-command.ts');
      const how = { screening: flags.screening !== false, looks: flags.tradesOnly !== true };
      sayAnswer(await backtestCommand(wishOf(folder, flags), how), flags.json === true);
    });
}
