import type { Command } from 'commander';
import { addPastOptions, type PastFlags, sayAnswer, wishOf } from './past-options.ts';

/** `infobot backtest`: recorded candles through the engine that trades. Nothing needs to run, nothing is sent. */
export function addBacktestCommand(program: Command): void {
  const command = program
    .command('backtest <folder>')
    .description('walk recorded candles (a folder of SYMBOL.csv.gz) through the engine that trades');
  addPastOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  infobot backtest candles/1h --timeframe 6h --from 2025-01-01\n  infobot backtest candles/1h --symbols BTCUSDT --json',
    )
    .action(async (folder: string, flags: PastFlags) => {
      const { backtestCommand } = await import('../app/backtest-command.ts');
      sayAnswer(await backtestCommand(wishOf(folder, flags)), flags.json === true);
    });
}
