import { type Command, Option } from 'commander';
import { productFacts } from '../app/product-facts.ts';
import { consoleConfig } from './console-config.ts';
import { listed, oneOf, wholeNumber } from './options.ts';

interface UpFlags {
  readonly replay?: string;
  readonly timeframe?: string;
  readonly seed?: number;
  readonly instruments?: number;
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly freshDemo?: boolean;
}

/** `infobot up`: every service under one supervisor. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('run all services under one supervisor; Ctrl-C stops them in order')
    .option(
      '--replay <folder>',
      'play recorded candles (a folder of SYMBOL.csv.gz) instead of the synthetic market',
    )
    .option('--timeframe <timeframe>', 'timeframe to trade in this place', oneOf(productFacts.timeframes))
    .option(
      '--seed <number>',
      "seed of the market: the same seed gives the same market (default: the demo account's, or a new one)",
      wholeNumber(4_294_967_295),
    )
    .option(
      '--instruments <number>',
      "how many synthetic instruments (default: the demo account's, or 600 for a new one)",
      wholeNumber(2_000),
    )
    .option('--fresh-demo', 'open a new demo account; the books of the one before are set aside')
    .addOption(
      new Option(
        '--scenario <name>',
        'let the venue play a scenario: the name of a shipped one, or a file',
      ).conflicts('replay'),
    )
    .option('--fault <fault>', 'let the venue misbehave from the start (may be repeated)', listed, [])
    .addHelpText(
      'after',
      '\nExamples:\n  infobot up\n  infobot up --replay ../market-data/binance-usdm/1h --timeframe 1m\n  infobot up --scenario flash-crash',
    )
    .action(async (flags: UpFlags) => {
      const config = consoleConfig();
      if (config === null) return;
      const { runUp } = await import('../app/up.ts');
      const output = {
        line: (text: string) => console.log(text),
        problem: (text: string) => console.error(text),
      };
      const options = {
        replay: flags.replay ?? null,
        timeframe: flags.timeframe ?? null,
        seed: flags.seed ?? null,
        instruments: flags.instruments ?? null,
        scenario: flags.scenario ?? null,
        faults: flags.fault,
        freshDemo: flags.freshDemo === true,
      };
      process.exitCode = await runUp(config, options, output, endRequest());
    });
}

function endRequest(): Promise<string> {
  return new Promise((resolve) => {
    // Listening on after the first: a second Ctrl-C, or one that a parent passes on, must not cut the order short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}
