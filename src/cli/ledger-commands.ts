import type { Command } from 'commander';
import type { LedgerReport } from '../app/ledger-check.ts';
import { consoleConfig } from './console-config.ts';

/** `infobot ledger ...`: the account's money by double entry. */
export function addLedgerCommands(program: Command): void {
  const ledger = program.command('ledger').description("the account's money by double entry").exitOverride();
  ledger
    .command('check')
    .description(
      'compute all postings and balances anew, and hold stored trades against them; services may run',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit code 1 when the books are not sound.\n\nExample:\n  infobot ledger check --json',
    )
    .exitOverride()
    .action(async (flags: { json?: boolean }) => {
      const config = consoleConfig();
      if (config === null) return;
      const { checkHomeLedger } = await import('../app/ledger-command.ts');
      const report = await checkHomeLedger(config);
      if (report?.sound === false) process.exitCode = 1;
      if (flags.json === true) console.log(JSON.stringify(report));
      else for (const line of linesOf(report)) console.log(line);
    });
}

function linesOf(report: LedgerReport | null): readonly string[] {
  if (report === null) return ['There is no ledger yet: it is opened within a minute of the first start.'];
  const { sound, entries, openedMs, agreedMs, balances, faults, trades } = report;
  const accounts = Object.entries(balances).map(([account, amount]) => `  ${account.padEnd(12)} ${amount}`);
  return [
    `${entries} entries since ${new Date(openedMs).toISOString()}: ${sound ? 'sound' : 'not sound'}`,
    ...faults,
    ...accounts,
    `The wallet was last seen to be the same at ${new Date(agreedMs).toISOString()}.`,
    `Trades: ${trades.agree} agree, ${trades.differ.length} differ, ${trades.unproven.length} cannot be held against it, ` +
      `${trades.uncovered} are older than the ledger or too young.`,
    ...trades.differ,
    ...trades.unproven,
    ...trades.days.map(
      ({ day, trades: count, pnl, booked }) =>
        `  ${day} ${count} trades: net ${pnl}, by the ledger ${booked}`,
    ),
  ];
}
