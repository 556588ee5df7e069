import type { Command } from 'commander';
import { consoleConfig } from './console-config.ts';
import { wholeNumber } from './options.ts';

interface ReplayFlags {
  readonly from?: string;
  readonly to?: string;
  readonly home?: string;
  readonly show?: number;
  readonly json?: boolean;
}

/** `infobot replay`: what was recorded, through the engine again. Nothing needs to run, nothing is changed. */
export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('step the recorded inputs through the engine again and compare every decision')
    .option('--from <time>', 'first moment, UTC (default: the oldest recorded)')
    .option('--to <time>', 'last moment, UTC (default: the newest recorded)')
    .option('--home <folder>', 'home folder whose journal is read')
    .option('--show <n>', 'print the first N steps that decided something', wholeNumber(100_000))
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nEnds with 0 when all is equal, 1 when a decision differs or the journal is broken, 2 for wrong usage.' +
        '\n\nExamples:\n  infobot replay --from 2026-11-23T10:00Z --to 2026-11-23T11:00Z\n  infobot replay --show 5 --json',
    )
    .action(async (flags: ReplayFlags) => {
      const { replayCommand } = await import('../app/replay-command.ts');
      const { from = null, to = null, show = 0, home = consoleConfig()?.home } = flags;
      if (home === undefined) return;
      const answer = await replayCommand({ home, from, to, show });
      if (!answer.ok) {
        console.error(answer.error);
        process.exitCode = 2;
        return;
      }
      const { report, lines, code } = answer.value;
      console.log(flags.json === true ? JSON.stringify(report, null, 2) : lines.join('\n'));
      process.exitCode = code;
    });
}
