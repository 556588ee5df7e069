import type { Command } from 'commander';
import type { HaltOutcome } from '../app/halt-commands.ts';
import { UsageError } from '../app/usage-error.ts';
import { consoleConfig } from './console-config.ts';
import { textUpTo } from './options.ts';

const REASON_LENGTH_MAX = 500;

interface Flags {
  readonly reason?: string;
  readonly flatten?: boolean;
  readonly json?: boolean;
}

/** `infobot halt` and `infobot resume`: the kill switch. They need no service and no database. */
export function addHaltCommands(program: Command): void {
  program
    .command('halt')
    .description('kill switch: enter nothing any more, take resting entries back; stops and exits go on')
    .option('--reason <text>', 'why, for the record', textUpTo(REASON_LENGTH_MAX))
    .option('--flatten', 'close all positions as well: not possible yet, it comes with the protector')
    .option('--no-wait', 'do not wait for the exchange to confirm that no entry rests')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  infobot halt --reason "exchange behaves oddly"\n' +
        'It outlives restarts and works with the services down. More: docs/operating/halt.md',
    )
    .action(halt);

  program
    .command('resume')
    .description('lift a halt; Auto Bot stays off')
    .option('--reason <text>', 'why, for the record', textUpTo(REASON_LENGTH_MAX))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  infobot resume --reason "exchange is well again"')
    .action(async (flags: Flags) => {
      const config = consoleConfig();
      if (config === null) return;
      const { resumeHome } = await import('../app/halt-commands.ts');
      const halt = await resumeHome(config, flags.reason ?? '');
      if (flags.json === true) return console.log(JSON.stringify({ resumed: halt !== null, halt }));
      console.log(
        halt === null
          ? 'Nothing was halted.'
          : 'The halt is lifted. Auto Bot stays off until you turn it on; bots of your own that run may enter again.',
      );
    });
}

async function halt(flags: Flags & { readonly wait: boolean }): Promise<void> {
  if (flags.flatten === true) refuseFlatten();
  const config = consoleConfig();
  if (config === null) return;
  const { haltHome, entriesGone } = await import('../app/halt-commands.ts');
  const say = (text: string): void => {
    if (flags.json !== true) console.log(text);
  };
  const outcome = await haltHome(config, flags.reason ?? '');
  for (const line of linesOf(outcome)) say(line);
  const waits = outcome.told && flags.wait;
  const clearMs = waits ? await entriesGone(config) : null;
  if (waits) say(goneLine(clearMs));
  if (isShort(outcome) || (waits && clearMs === null)) process.exitCode = 1;
  if (flags.json === true) console.log(JSON.stringify({ ...outcome, clearMs }));
}

/** Not on disk, or not known to the service that runs. */
function isShort({ halt, running, told }: HaltOutcome): boolean {
  return halt === null || (running && !told);
}

function refuseFlatten(): never {
  throw new UsageError(
    'Closing everything in one go comes with the protector, which is not there yet: nothing was done. Halt without it, then close positions on the page or with POST /api/positions/{symbol}/close.',
  );
}

function linesOf({ halt, told, service, running }: HaltOutcome): readonly string[] {
  if (halt === null)
    return [
      service,
      'It is not on disk: a restart would lift it. Make the home folder writable and halt again.',
    ];
  if (told) return [service];
  if (running)
    return [
      'The halt is written, and every service of this home reads it before it sends an order.',
      `A service works on this home and did not confirm (${service}) Look at "infobot status"; end the service if it hangs.`,
    ];
  return [
    'Trading is halted: no service is running on this home, and the halt holds for the next start.',
    `(${service}) Orders that rest at the exchange stay there until one runs.`,
  ];
}

function goneLine(clearMs: number | null): string {
  if (clearMs !== null) return 'The exchange confirms: no entry of ours rests there.';
  return 'The exchange has not confirmed yet that no entry of ours rests there; the service goes on. See "infobot status".';
}
