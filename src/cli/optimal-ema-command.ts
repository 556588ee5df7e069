import type { Command } from 'commander';
import type { SearchedEma } from '../app/optimal-ema-command.ts';
import { productFacts } from '../app/product-facts.ts';
import { consoleConfig } from './console-config.ts';
import { lineOfSearch, summaryOfSearches } from './optimal-ema-text.ts';
import { oneOf } from './options.ts';

interface Flags {
  readonly coin?: readonly string[];
  readonly all?: boolean;
  readonly list?: boolean;
  readonly dir?: string;
  readonly timeframe?: string;
  readonly grid: string;
  readonly agreement: string;
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `infobot optimal-ema`: per-coin pairs of averages, in recorded candles or by the running bots service. */
export function addOptimalEmaCommand(program: Command): void {
  const command = program
    .command('optimal-ema')
    .description('search the pair of averages that keeps the best signals of a coin, and what proves it')
    .option('--all', 'every coin')
    .option('--coin <names...>', 'only these, e.g. BTCUSDT SOLUSDT')
    .option('--list', 'what is stored, without searching')
    .option(
      '--dir <folder>',
      'search candle files (SYMBOL.csv.gz) instead of asking the bots; stores nothing',
    )
    .option('--timeframe <timeframe>', 'with --dir or --list: another one', oneOf(productFacts.timeframes))
    .option(
      '--grid <grid>',
      'with --dir: volatility (some 200 pairs) or full (20,856)',
      oneOf(GRIDS),
      'volatility',
    )
    .option(
      '--agreement <way>',
      'with --dir: signals a pair lets through, not-against (its trend) or same-order (of its averages)',
      oneOf(AGREEMENTS),
      'not-against',
    )
    .option('--config <file>', 'with --dir: JSON file of trading settings')
    .option('--force', 'also where a fresh result is stored')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  infobot optimal-ema --all\n  infobot optimal-ema --coin BTCUSDT --force\n' +
        '  infobot optimal-ema --dir candles/1h --timeframe 6h --all --json',
    );
  command.action(async (flags: Flags) => {
    if (flags.all !== true && flags.coin === undefined && flags.list !== true) {
      command.error('It takes --all, --coin or --list.', { exitCode: 2 });
    }
    const found = await search(flags);
    clearProgress();
    if (found === null) process.exitCode ??= 1;
    else if (flags.json === true) console.log(JSON.stringify({ rows: found }));
    else {
      for (const one of found) console.log(lineOfSearch(one));
      console.log(summaryOfSearches(found));
    }
  });
}

const GRIDS = ['volatility', 'full'];
const AGREEMENTS = ['not-against', 'same-order'];

/** Null after having said what is wrong. */
async function search(flags: Flags): Promise<readonly SearchedEma[] | null> {
  const symbols = flags.coin?.map((name) => name.toUpperCase()) ?? null;
  const timeframe = flags.timeframe ?? null;
  const onProgress = showProgress;
  if (flags.dir !== undefined) {
    const { searchFolder } = await import('../app/optimal-ema-command.ts');
    const configFile = flags.config ?? null;
    const search = { grid: flags.grid, agreement: flags.agreement };
    const wish = { folder: flags.dir, timeframe, symbols, search, configFile, onProgress };
    const found = await searchFolder(wish);
    if (!found.ok && found.error.kind === 'usage') process.exitCode = 2;
    return told(found.ok ? found : { ok: false, error: found.error.detail });
  }
  const config = consoleConfig();
  if (config === null) return null;
  if (flags.list === true) {
    const { listStored } = await import('../app/optimal-ema-command.ts');
    return listStored(config, { timeframe, symbols });
  }
  const { searchRunning } = await import('../app/optimal-ema-request.ts');
  return told(await searchRunning(config, { symbols, force: flags.force === true, onProgress }));
}

function told<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T | null {
  if (result.ok) return result.value;
  clearProgress();
  console.error(result.error);
  return null;
}

let shown = '';

/** One line that overwrites itself, on a terminal only: a file gets none of it. */
function showProgress(share: number): void {
  if (process.stderr.isTTY !== true) return;
  const text = `searching ${Math.floor(share * 100)} %`;
  if (text === shown) return;
  shown = text;
  process.stderr.write(`\r${text.padEnd(20)}`);
}

function clearProgress(): void {
  if (shown !== '') process.stderr.write(`\r${' '.repeat(20)}\r`);
  shown = '';
}
