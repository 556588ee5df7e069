import type { Command } from 'commander';
import type { listPositions, PositionAction } from '../app/position-commands.ts';
import { consoleConfig } from './console-config.ts';
import { coinName, textUpTo } from './options.ts';

type Positions = Awaited<ReturnType<typeof listPositions>>;

const REASON_LENGTH_MAX = 500;

/** `infobot positions ...`: what is open, and whose it is. They ask the running bots service. */
export function addPositionCommands(program: Command): void {
  const positions = program
    .command('positions')
    .description('open positions: list, adopt a foreign one, ignore it, give ours up')
    .addHelpText('after', '\nExample:\n  infobot positions adopt BTC --reason "opened by hand yesterday"')
    .exitOverride();
  addList(positions);
  addChange(positions, 'adopt', 'make a foreign position ours: from now on it is guarded');
  addChange(positions, 'ignore', 'hear no more of a foreign position until it changes');
  addChange(positions, 'disown', 'give a position up: it is foreign and unguarded, its stop stays');
  addChange(positions, 'unfreeze', 'let entries go on where an order came as a surprise');
  for (const command of positions.commands) command.exitOverride();
}

function addList(positions: Command): void {
  positions
    .command('list')
    .description('what is open, ours and foreign')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  infobot positions list')
    .action(async (flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { listPositions } = await import('../app/position-commands.ts');
      const list = await listPositions(config);
      if (flags.json === true) console.log(JSON.stringify(list));
      else for (const line of linesOf(list)) console.log(line);
    });
}

function addChange(positions: Command, action: PositionAction, description: string): void {
  const command = positions
    .command(action)
    .argument('<coin>', 'name of the coin', coinName)
    .description(description);
  const why = ['--reason <text>', 'why, for the record', textUpTo(REASON_LENGTH_MAX)] as const;
  if (action === 'disown' || action === 'unfreeze') command.requiredOption(...why);
  else command.option(...why);
  command
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  infobot positions ${action} BTC --reason "mine"`)
    .action(async (symbol: string, flags: { reason?: string; json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { changePosition } = await import('../app/position-commands.ts');
      const message = await changePosition(config, { action, symbol, reason: flags.reason ?? '' });
      console.log(flags.json === true ? JSON.stringify({ done: true, message }) : message);
    });
}

function linesOf({ rows, foreign }: Positions): readonly string[] {
  const ours = rows.map(
    ({ symbol, direction, quantity, entryPrice, stopPrice, exchangeStopPrice, state }) =>
      `${symbol.padEnd(14)} ${direction.padEnd(5)} ${quantity} at ${entryPrice ?? '-'}, stop ${stopPrice} (exchange ${exchangeStopPrice ?? 'none'}), ${state}`,
  );
  const theirs = foreign.map(
    ({ symbol, direction, quantity, entryPrice, stopPrice, ignored }) =>
      `${symbol.padEnd(14)} ${direction.padEnd(5)} ${quantity} at ${entryPrice}, stop ${stopPrice ?? 'none'}, not ours${ignored === null ? '' : ', ignored'}`,
  );
  const lines = [...ours, ...theirs];
  return lines.length === 0 ? ['Nothing is open.'] : lines;
}
