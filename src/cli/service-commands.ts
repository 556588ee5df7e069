import { type Command, Option } from 'commander';
import { productFacts } from '../app/product-facts.ts';
import { consoleConfig } from './console-config.ts';
import { sayFailure } from './failure.ts';
import { countOrFile, listed, oneOf, wholeNumber } from './options.ts';

/** `infobot bots|web|venue`: one service alone. Each loads its own part of the program: the rest would only delay it. */
export function addServiceCommands(program: Command): void {
  addBots(program);
  addWeb(program);
  addVenue(program);
}

/** Ends the process when the service has ended: a connection that lingers must not keep it. */
async function endWith(running: Promise<number>): Promise<void> {
  try {
    process.exit(await running);
  } catch (error) {
    sayFailure(error, process.env['INFOBOT_LOG_LEVEL'] === 'debug');
    process.exit(1);
  }
}

function addBots(program: Command): void {
  program
    .command('bots')
    .description('run the bots service alone (market scan, Auto Bot, orders, API)')
    .option('--account <name>', 'name of the account its state is kept under', 'demo')
    .option(
      '--timeframe <timeframe>',
      'timeframe to trade; kept as a new version of the settings',
      oneOf(productFacts.timeframes),
    )
    .option('--replay', 'the venue plays recorded candles')
    .addHelpText('after', '\nExample:\n  infobot bots --timeframe 1m')
    .action(async (flags: { account: string; timeframe?: string; replay?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { runBots } = await import('../app/bots-role.ts');
      await endWith(
        runBots(config, {
          accountId: flags.account,
          timeframe: flags.timeframe ?? null,
          replay: flags.replay === true,
        }),
      );
    });
}

function addWeb(program: Command): void {
  program
    .command('web')
    .description('run the web service alone (the page, sign-in, one origin for the API)')
    .addHelpText('after', '\nExample:\n  infobot web')
    .action(async () => {
      const config = consoleConfig();
      if (config === null) return;
      const { runWeb } = await import('../app/web-role.ts');
      await endWith(runWeb(config));
    });
}

interface VenueFlags {
  readonly replay?: string;
  readonly timeframe: string;
  readonly seed?: number;
  readonly instruments?: number | string;
  readonly scale?: string;
  readonly scenario?: string;
  readonly fault: readonly string[];
  readonly freshDemo?: boolean;
  readonly account?: string;
}

function addVenue(program: Command): void {
  venueCommand(program).action(async (flags: VenueFlags) => {
    const config = consoleConfig();
    if (config === null) return;
    const { runVenue } = await import('../app/venue-role.ts');
    await endWith(
      runVenue(config, {
        replay: flags.replay ?? null,
        timeframe: flags.timeframe,
        seed: flags.seed ?? null,
        instruments: typeof flags.instruments === 'number' ? flags.instruments : null,
        instrumentFile: typeof flags.instruments === 'string' ? flags.instruments : null,
        scale: scaleOf(flags.scale),
        scenario: flags.scenario ?? null,
        faults: flags.fault,
        freshDemo: flags.freshDemo === true,
        account: flags.account ?? null,
      }),
    );
  });
}

function venueCommand(program: Command): Command {
  return program
    .command('venue')
    .description("run the local exchange alone; it speaks Bybit's protocol on loopback")
    .option('--replay <folder>', 'play recorded candles (a folder of SYMBOL.csv.gz)')
    .option(
      '--timeframe <timeframe>',
      'timeframe that recorded candles become',
      oneOf(productFacts.timeframes),
      '1m',
    )
    .option(
      '--seed <number>',
      "seed of the market (default: the demo account's, or 1 for a new one)",
      wholeNumber(4_294_967_295),
    )
    .option(
      '--instruments <number|file>',
      "how many synthetic instruments, or a file with a list of contracts as Bybit's instruments-info gives it " +
        "(default: the demo account's, or 600 for a new one)",
      countOrFile(2_000),
    )
    .option(
      '--scale <scale>',
      "how far a minute moves: real, or demo (like six real hours) (default: the demo account's, or real for a new one)",
      oneOf(['real', 'demo']),
    )
    .option('--fresh-demo', 'open a new demo account; the books of the one before are set aside')
    .option('--account <name>', 'the demo account whose books must be there (default: whichever is)')
    .addOption(
      new Option('--scenario <name>', 'play a scenario: the name of a shipped one, or a file').conflicts(
        'replay',
      ),
    )
    .option(
      '--fault <fault>',
      'misbehave from the start: name, or name:param=value,param=value (may be repeated)',
      listed,
      [],
    )
    .addHelpText(
      'after',
      '\nExamples:\n  infobot venue --seed 7 --instruments 50\n' +
        '  infobot venue --scenario flash-crash\n' +
        '  infobot venue --fault reply-lost:path=/v5/order/create,rate=0.3\n' +
        'Faults and scenarios: docs/operating/rehearse.md',
    );
}

function scaleOf(word: string | undefined): 'real' | 'demo' | null {
  return word === 'real' || word === 'demo' ? word : null;
}
