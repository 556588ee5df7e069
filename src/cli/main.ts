import { Command, CommanderError } from 'commander';
import { productFacts } from '../app/product-facts.ts';
import { addBacktestCommand } from './backtest-command.ts';
import { addConfigCommands } from './config-commands.ts';
import { addDbCommands } from './db-commands.ts';
import { sayFailure } from './failure.ts';
import { addFilterWorthCommand } from './filter-worth-command.ts';
import { addHaltCommands } from './halt-commands.ts';
import { addLedgerCommands } from './ledger-commands.ts';
import { addOptimalEmaCommand } from './optimal-ema-command.ts';
import { addPositionCommands } from './position-commands.ts';
import { addPredecessorCommands } from './predecessor-commands.ts';
import { addReplayCommand } from './replay-command.ts';
import { addServiceCommands } from './service-commands.ts';
import { addStatusCommand } from './status-command.ts';
import { addTokenCommands } from './token-commands.ts';
import { addUpCommand } from './up-command.ts';

/** 0 done, 1 failed, 2 wrong usage. */
const EXIT_USAGE = 2;

const program = new Command('infobot')
  .description('Trades crypto perpetual futures around the clock and explains every decision.')
  .version(productFacts.version, '-V, --version', 'print the version')
  .showHelpAfterError('(add --help for what it takes)')
  .exitOverride();

addUpCommand(program);
addServiceCommands(program);
addStatusCommand(program);
addTokenCommands(program);
addHaltCommands(program);
addBacktestCommand(program);
addFilterWorthCommand(program);
addReplayCommand(program);
addConfigCommands(program);
addDbCommands(program);
addLedgerCommands(program);
addOptimalEmaCommand(program);
addPredecessorCommands(program);
addPositionCommands(program);
program
  .command('version')
  .description('print the version')
  .option('--json', 'print it as JSON')
  .addHelpText('after', '\nExample:\n  infobot version --json')
  .action((options: { json?: boolean }) => {
    const { version } = productFacts;
    console.log(options.json === true ? JSON.stringify({ version }) : version);
  });

for (const command of program.commands) command.exitOverride();
await run();

async function run(): Promise<void> {
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    // Commander ends help and version with 0, everything it refuses with 1: wrong usage is 2 here.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    else sayFailure(error, process.env['INFOBOT_LOG_LEVEL'] === 'debug');
  }
}
