import type { Command } from 'commander';
import { addPastOptions, type PastFlags, sayAnswer, wishOf } from './past-options.ts';

/** `infobot filter-worth`: what each entry filter saved or lost on recorded candles. Nothing is sent. */
export function addFilterWorthCommand(program: Command): void {
  const command = program
    .command('filter-worth <folder>')
    .description('what each entry filter saved or lost on recorded candles (a folder of SYMBOL.csv.gz)');
  addPastOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  infobot filter-worth candles/1h --timeframe 6h --from 2025-01-01\n  infobot filter-worth candles/1h --config settings.json --json',
    )
    .action(async (folder: string, flags: PastFlags) => {
      const { filterWorthCommand } = await import('../app/filter-worth-command.ts');
      sayAnswer(await filterWorthCommand(wishOf(folder, flags)), flags.json === true);
    });
}
